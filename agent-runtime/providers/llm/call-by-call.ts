import { isJsonArray, isJsonObject, parseJson, type Json, type JsonObject } from '../../../core/json.ts'

/**
 * A stream of chat completions with at most one call of a tool in each event, and the reason to stop in an event of its own. LiveKit's
 * plugin 1.9.0 reads one call of an event and loses the others, and many servers write several calls into one, with or without different
 * indexes.
 */
export function callByCall(response: Response): Response {
  if (!response.body || !(response.headers.get('content-type') ?? '').includes('text/event-stream')) return response
  let rest = ''
  const calls = createCalls()
  const lines = new TransformStream<string, string>({
    transform(text, controller) {
      const parts = `${rest}${text}`.split('\n')
      rest = parts.pop() ?? ''
      if (parts.length > 0) controller.enqueue(parts.map((line) => `${calls.line(line)}\n`).join(''))
    },
    flush: (controller) => controller.enqueue(calls.line(rest)),
  })
  const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(lines).pipeThrough(new TextEncoderStream())
  return new Response(body, { status: response.status, headers: response.headers })
}

/** Numbers calls by their ids: a new id is a new call, whatever its index says. */
function createCalls() {
  let count = -1
  let id: Json | undefined
  let index: Json | undefined

  const numbered = (call: JsonObject): JsonObject => {
    const isNew = isNamed(call) && (count < 0 || call['id'] !== id || call['index'] !== index)
    if (isNew) {
      count += 1
      id = call['id']
      index = call['index']
    }
    const { function: given } = call
    // Some repeat the name with every piece, which would begin the call anew.
    const { name: _, ...piece } = isJsonObject(given) ? given : {}
    return {
      ...call,
      ...(isNew ? {} : { function: piece }),
      ...(isNew && !call['id'] && { id: `call-${count}` }),
      index: Math.max(0, count),
    }
  }
  return {
    line(line: string): string {
      if (!line.includes('"tool_calls"')) return line
      const event = parseJson(line.replace(/^data:\s*/, ''))
      const choice = isJsonObject(event) && isJsonArray(event['choices']) ? event['choices'][0] : undefined
      if (!isJsonObject(event) || !isJsonObject(choice)) return line
      const delta = isJsonObject(choice['delta']) ? choice['delta'] : {}
      const list = isJsonArray(delta['tool_calls']) ? delta['tool_calls'].filter(isJsonObject) : []
      if (list.length === 0) return line
      const { usage, ...bare } = event
      const write = (given: JsonObject, finish_reason: Json, more: JsonObject = {}) =>
        `data: ${JSON.stringify({ ...bare, ...more, choices: [{ ...choice, delta: given, finish_reason }] })}`
      const events = list.map((call, place) => {
        const { tool_calls: _, ...first } = delta
        return write({ ...(place === 0 ? first : {}), tool_calls: [numbered(call)] }, null)
      })
      const finish = choice['finish_reason'] ?? null
      const last = finish !== null || usage != null ? [write({}, finish, usage === undefined ? {} : { usage })] : []
      return [...events, ...last].join('\n\n')
    },
  }
}

const isNamed = ({ function: named }: JsonObject): boolean =>
  isJsonObject(named) && typeof named['name'] === 'string' && named['name'] !== ''
