import type { InputOf } from '../../../core/contract/index.ts'
import { isJsonObject, parseJson } from '../../../core/json.ts'
import { jsonProblem } from '../tools/json-problem.ts'

/** What is typed into "Try it". */
export type TryForm = Readonly<{
  dispatch_name: string
  job: string
  room: string
  joined: boolean
  identity: string
  participant: string
  attributes: string
  caller_may_write: boolean
  /** As a `datetime-local` field writes it; empty: now. */
  at: string
}>

export const emptyTry: TryForm = {
  ...{ dispatch_name: '', job: '', room: '', joined: true, identity: 'caller-1', participant: '', attributes: '' },
  ...{ caller_may_write: false, at: '' },
}

/** What keeps text from being read as metadata: LiveKit carries any text, the routing reads JSON objects. */
export function metadataProblem(text: string): string | undefined {
  if (text.trim() === '') return undefined
  const problem = jsonProblem(text)
  if (problem) return `Line ${problem.line}, column ${problem.column}: ${problem.message}. As it is, it says nothing.`
  return isJsonObject(parseJson(text)) ? undefined : 'This is no object, such as {"purpose": "support"}, and says nothing.'
}

/** Attributes are text by name. */
export function attributesOf(text: string): Record<string, string> {
  const value = parseJson(text)
  if (!isJsonObject(value)) return {}
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : JSON.stringify(item)]),
  )
}

export function tryRequest(form: TryForm): InputOf<'route.decide'> {
  const at = form.at === '' ? Number.NaN : new Date(form.at).getTime()
  return {
    dispatch_name: form.dispatch_name.trim(),
    job_metadata: form.job,
    room_metadata: form.room,
    room_name: 'try-it',
    ...(form.joined && {
      participant: { identity: form.identity, metadata: form.participant, attributes: attributesOf(form.attributes) },
    }),
    caller_may_write: form.caller_may_write,
    ...(Number.isFinite(at) && { at }),
  }
}
