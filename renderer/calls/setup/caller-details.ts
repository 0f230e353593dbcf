import type { InputOf } from '../../../core/contract/index.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'

/** What `session.start` and `room.set_caller` take. */
export type CallerDetails = NonNullable<InputOf<'session.start'>['as']>

/** The caller as typed: JSON stays text until it is used, so that half of it may be wrong. */
export type CallerDraft = Readonly<{
  user_name: string
  user_id: string
  user_details: string
  metadata: string
  attributes: readonly Readonly<{ key: string; value: string }>[]
}>

export const EMPTY_CALLER: CallerDraft = { user_name: '', user_id: '', user_details: '', metadata: '', attributes: [] }

export type CallerProblems = Readonly<Partial<Record<'user_details' | 'metadata' | 'attributes', string>>>
export type ReadCaller = Readonly<{ details: CallerDetails | undefined; problems: CallerProblems }>

/** What was typed, as far as it can be read; nothing typed is nobody in particular. */
export function readCaller(draft: CallerDraft): ReadCaller {
  const user_details = readObject(draft.user_details)
  const metadata = readObject(draft.metadata)
  const rows = draft.attributes.filter(({ key, value }) => key.trim() !== '' || value !== '')
  const problems: CallerProblems = {
    ...(user_details.problem === undefined ? {} : { user_details: user_details.problem }),
    ...(metadata.problem === undefined ? {} : { metadata: metadata.problem }),
    ...attributesProblem(rows.map(({ key }) => key.trim())),
  }
  const details: CallerDetails = {
    ...(draft.user_name.trim() === '' ? {} : { user_name: draft.user_name.trim() }),
    ...(draft.user_id.trim() === '' ? {} : { user_id: draft.user_id.trim() }),
    ...(user_details.value ? { user_details: user_details.value } : {}),
    ...(metadata.value ? { metadata: metadata.value } : {}),
    ...(rows.length > 0 ? { attributes: Object.fromEntries(rows.map(({ key, value }) => [key.trim(), value])) } : {}),
  }
  const none = Object.keys(problems).length > 0 || Object.keys(details).length === 0
  return { details: none ? undefined : details, problems }
}

const attributesProblem = (keys: readonly string[]): CallerProblems => {
  if (keys.includes('')) return { attributes: 'Each attribute needs a name.' }
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  return twice === undefined ? {} : { attributes: `"${twice}" is there twice.` }
}

type KeptObject = NonNullable<CallerDetails['user_details']>
const isKept = (value: unknown): value is KeptObject => isJsonObject(value)

function readObject(text: string): Readonly<{ value?: KeptObject; problem?: string }> {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isKept(value) ? { value } : { problem: 'Write a JSON object, such as {"name": "Ana"}.' }
  } catch (cause) {
    return { problem: cause instanceof Error ? `Not JSON: ${cause.message}` : 'Not JSON.' }
  }
}

/** What was kept of an earlier call, as far as it is what it should be. */
export function keptCaller(kept: JsonObject): CallerDraft {
  const text = (key: string): string => {
    const value = kept[key]
    return typeof value === 'string' ? value : ''
  }
  const { attributes } = kept
  const rows = Array.isArray(attributes) ? attributes : []
  return {
    user_name: text('user_name'),
    user_id: text('user_id'),
    user_details: text('user_details'),
    metadata: text('metadata'),
    attributes: rows.flatMap((row) => {
      if (!isJsonObject(row)) return []
      const { key, value } = row
      return typeof key === 'string' && typeof value === 'string' ? [{ key, value }] : []
    }),
  }
}

/** `Ana, 3 attributes`: what a folded editor shows. */
export function callerWords({ user_name, user_id, user_details, metadata, attributes }: CallerDraft): string {
  const parts = [
    user_name.trim() || user_id.trim(),
    user_details.trim() === '' ? '' : 'user details',
    metadata.trim() === '' ? '' : 'metadata',
    attributes.length === 0 ? '' : `${attributes.length} ${attributes.length === 1 ? 'attribute' : 'attributes'}`,
  ].filter(Boolean)
  return parts.length === 0 ? 'nobody in particular' : parts.join(', ')
}
