import * as z from 'zod'
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../../core/json.ts'

export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string().nullish() })),
  stream: z.boolean().default(false),
  temperature: z.number().optional(),
  tools: z.array(z.looseObject({})).optional(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: z.record(z.string(), z.json()) }).optional() })
    .optional(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

/**
 * What an LLM would answer that does exactly what it is told: the words of the line `RULE: …` in its system prompt, then the
 * caller's words, in the JSON that it was asked for (by schema, or by a schema in the prompt).
 */
export function answerTo(request: ChatRequest): string {
  const system = request.messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content ?? '')
    .join('\n')
  const said = request.messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const rule = /^RULE:\s*(.+)$/m.exec(system)?.[1] ?? 'No rule was given.'
  const results = request.messages.slice(request.messages.findLastIndex(({ role }) => role === 'user') + 1)
  const given = results.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : []))
  const words = given.length > 0 ? `${rule} The tools gave: ${given.join(' and ')}` : `${rule} You said: ${said}`
  const schema = request.response_format?.json_schema?.schema ?? schemaIn(system)
  return schema && isJsonObject(schema['properties']) ? JSON.stringify(fill(schema['properties'], words)) : words
}

export type AskedCall = Readonly<{ name: string; arguments: string }>

/** The calls that the caller's words order, a line for each: `CALL find_order {"id": 1}`. None without tools, or when they were made. */
export function callsIn({ messages, tools = [] }: ChatRequest): readonly AskedCall[] {
  const last = messages.at(-1)
  if (tools.length === 0 || last?.role !== 'user') return []
  const lines = (last.content ?? '').matchAll(/CALL (\w+) (.*)$/gm)
  return [...lines].map(([, name = '', given = '']) => ({ name, arguments: given }))
}

/** The first JSON object in the text that looks like a schema. */
function schemaIn(text: string): JsonObject | undefined {
  for (const { index } of text.matchAll(/\{/g)) {
    for (let end = text.lastIndexOf('}'); end > index; end = text.lastIndexOf('}', end - 1)) {
      const value = parseJson(text.slice(index, end + 1))
      if (isJsonObject(value) && isJsonObject(value['properties'])) return value
    }
  }
  return undefined
}

function fill(properties: JsonObject, words: string): JsonObject {
  const spoken =
    'system_response' in properties
      ? 'system_response'
      : Object.keys(properties).find((name) => typeOf(properties[name]) === 'string')
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, name === spoken ? words : valueFor(name, schema)]),
  )
}

function typeOf(schema: Json | undefined): string | undefined {
  if (!isJsonObject(schema)) return undefined
  if (Array.isArray(schema['anyOf'])) return typeOf(schema['anyOf'][0])
  const type = schema['type']
  return Array.isArray(type) ? String(type[0]) : typeof type === 'string' ? type : undefined
}

function valueFor(name: string, schema: Json): Json {
  if (!isJsonObject(schema)) return null
  if (Array.isArray(schema['anyOf'])) return valueFor(name, schema['anyOf'][0] ?? null)
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? null
  switch (typeOf(schema)) {
    case 'string':
      return `About ${name}.`
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1
    case 'boolean':
      return true
    case 'array':
      return []
    default:
      return null
  }
}
