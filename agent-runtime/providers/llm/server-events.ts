import { isJsonObject, type JsonObject } from '../../../core/json.ts'

/** The JSON of each server-sent event (html.spec.whatwg.org/multipage/server-sent-events.html). Throws SyntaxError for what is none. */
export async function* serverEvents(response: Response): AsyncGenerator<JsonObject> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('text/event-stream')) {
    await response.body?.cancel()
    throw new SyntaxError(`It answered ${type || 'something'} instead of a stream of events`)
  }
  let data: string[] = []
  for await (const line of linesOf(response)) {
    if (line.startsWith('data:')) data.push(line.slice(5).trimStart())
    else if (line === '' && data.length > 0) {
      const text = data.join('\n')
      data = []
      if (text !== '[DONE]') yield parseEvent(text)
    }
  }
}

/** Lines that ended; a line that the connection cut in two is none. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${text}`.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function parseEvent(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  if (isJsonObject(value)) return value
  throw new SyntaxError('An event of its stream is no JSON object')
}
