import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { IF_MATCH } from '../../../core/contract/rest.ts'
import { isJsonArray, isJsonObject } from '../../../core/json.ts'
import { readTimes } from './iso-times.ts'
import { inputKeys, takesIfMatch, type RestRow } from './rest-table.ts'

/** What of a request becomes the input of an operation. */
export type RequestParts = Readonly<{
  params: Readonly<Record<string, unknown>>
  query: Readonly<Record<string, unknown>>
  body: unknown
  if_match: string | undefined
}>

/** Reads requests of one route: path over query over body, texts of path and query as the input's types say. */
export function inputReader(row: RestRow): (parts: RequestParts) => Readonly<Record<string, unknown>> {
  const readers = new Map(inputKeys(row.operation).map((key) => [key, textReader(row, key)]))
  const times = readTimes(row.operation.input)
  const guarded = takesIfMatch(row)
  const ofTexts = (texts: Readonly<Record<string, unknown>>) =>
    Object.entries(texts).flatMap(([key, value]) => {
      const read = readers.get(key)
      return read ? [[key, read(value)] as const] : []
    })
  return ({ params, query, body, if_match }) => {
    const input = {
      ...bodyInput(row, body),
      ...Object.fromEntries(ofTexts(query)),
      ...Object.fromEntries(ofTexts(params)),
      // Only the header says it: a body that happens to have such a key guards nothing.
      ...(guarded && { [IF_MATCH]: if_match }),
    }
    const read = times ? times(input) : input
    return isInput(read) ? read : input
  }
}

function bodyInput({ rest, name }: RestRow, body: unknown): Readonly<Record<string, unknown>> {
  if (rest.body !== undefined) {
    if (body === undefined) throw noBody(name)
    return { [rest.body]: body }
  }
  if (body === undefined || body === null) return {}
  if (isJsonObject(body)) return body
  throw new StudioError('malformed', 'The body is not a JSON object.', 'Send an object: {"key": "value"}.')
}

type TextReader = (value: unknown) => unknown

/** Query and path are texts. What does not read as the type is left as it is, for the contract to refuse in its own words. */
function textReader({ operation }: RestRow, key: string): TextReader {
  const kinds = kindsOf(operation.input instanceof z.ZodObject ? operation.input.shape[key] : undefined)
  return (value) => {
    if (isJsonArray(value)) return kinds.has('array') ? value : twice(key)
    if (typeof value !== 'string') return value
    if ((kinds.has('number') || kinds.has('int')) && /^-?\d+(\.\d+)?$/.test(value)) return Number(value)
    if (kinds.has('boolean') && /^(?:true|false|1|0)$/i.test(value)) return /^(?:true|1)$/i.test(value)
    if (kinds.has('array')) return value.split(',')
    if (kinds.has('object') && value.startsWith('{')) return parsed(value)
    return value
  }
}

function kindsOf(schema: unknown): ReadonlySet<string> {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return kindsOf(schema.unwrap())
  if (schema instanceof z.ZodUnion) return new Set(schema.options.flatMap((option) => [...kindsOf(option)]))
  return new Set(schema instanceof z.ZodType ? [schema.def.type] : [])
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // As text it fits nothing, and the operation says what it wants instead.
    return text
  }
}

const isInput = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null

function twice(key: string): never {
  throw new StudioError('malformed', `"${key}" is there more than once in the address.`, 'Give it once.', [
    { path: `/${key}`, message: 'is there more than once' },
  ])
}

const noBody = (name: string): StudioError =>
  new StudioError('malformed', `${name} needs a body.`, 'Send a JSON object, such as {"name": "…"}.')
