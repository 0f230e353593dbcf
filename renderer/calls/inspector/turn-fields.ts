import type { AgentDocument } from '../../../core/agent/document.ts'
import { voiceFieldsOf } from '../../../core/agent/voice-words.ts'
import type { Field } from '../../../core/output/field.ts'
import type { Problem } from '../../../core/contract/errors.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import type { TurnView } from '../../../core/session/session-view.ts'

export type FieldRole = 'spoken' | 'style' | 'hidden'

/** One row of the inspector: a field of the schema, of the output, or of both. */
export type InspectedField = Readonly<{
  name: string
  roles: readonly FieldRole[]
  state: 'waiting' | 'streaming' | 'done' | 'missing'
  /** What has come so far, when it is not done. */
  text: string
  value?: Json
  /** Of the turn before, when it had one and it differs. */
  before?: Json
  problems: readonly Problem[]
  /** The model wrote it although the schema does not have it. */
  unknown: boolean
  /** Since end of speech, ms. */
  started_ms?: number
  done_ms?: number
  /** From the schema, for the tooltip. */
  type?: string
  description?: string
}>

export function rolesOf(field: Field, document: AgentDocument): readonly FieldRole[] {
  const roles: FieldRole[] = []
  if (field.field_name === document.schema_config.spoken_field) roles.push('spoken')
  if (voiceFieldsOf(document).some(({ field_name }) => field_name === field.field_name)) roles.push('style')
  if (field.metadata.hidden) roles.push('hidden')
  return roles
}

/**
 * The fields of a turn in the order in which the model wrote them, then those of the schema that are still to come.
 * `document`: the revision that answered, if known; `origin_ms`: end of speech on the session's clock.
 */
export function turnFields(
  turn: TurnView,
  document: AgentDocument | undefined,
  previous: JsonObject | undefined,
  origin_ms: number | undefined,
): readonly InspectedField[] {
  const schema = document?.schema_config.fields ?? []
  const written = turn.fields.map((field): InspectedField => {
    const row = schema.find(({ field_name }) => field_name === field.name)
    const before = previous?.[field.name]
    const value = turn.output?.[field.name] ?? field.value
    const changed = before !== undefined && value !== undefined && !sameJson(before, value)
    return {
      name: field.name,
      state: field.state,
      text: field.text,
      problems: field.problems,
      ...describe(row, document),
      unknown: document !== undefined && row === undefined,
      ...(value === undefined ? {} : { value }),
      ...(changed ? { before } : {}),
      ...since('started_ms', field.started_at_ms, origin_ms),
      ...since('done_ms', field.done_at_ms, origin_ms),
    }
  })
  const ended = turn.output !== undefined || turn.state !== 'open'
  const rest = schema
    .filter(({ field_name }) => !turn.fields.some(({ name }) => name === field_name))
    .map((row): InspectedField => {
      const value = turn.output?.[row.field_name]
      return {
        name: row.field_name,
        text: '',
        ...describe(row, document),
        unknown: false,
        problems: isUnwritten(turn) ? [] : turn.problems.filter(({ path }) => path === `/${row.field_name}`),
        ...(value === undefined ? { state: ended ? 'missing' : 'waiting' } : { state: 'done', value }),
      }
    })
  return [...written, ...rest]
}

const describe = (row: Field | undefined, document: AgentDocument | undefined) =>
  row && document ? { roles: rolesOf(row, document), type: row.field_type, description: row.description } : { roles: [] }

const since = <Key extends string>(key: Key, at: number | undefined, origin: number | undefined): { [_ in Key]?: number } =>
  at === undefined || origin === undefined ? {} : entry(key, at - origin)

const entry = <Key extends string>(key: Key, value: number): { [_ in Key]?: number } => {
  const result: { [_ in Key]?: number } = {}
  result[key] = value
  return result
}

export const sameJson = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The reply was cut before its first character: that nothing is there is no mistake of the model's. */
const isUnwritten = (turn: TurnView): boolean => turn.state !== 'open' && turn.fields.length === 0 && turn.raw.trim() === ''

/** Whether the turn's output keeps to the schema, so far. */
export function validity(turn: TurnView): Readonly<{ tone: 'good' | 'bad' | 'plain'; label: string }> {
  if (isUnwritten(turn)) return { tone: 'plain', label: turn.interrupted ? 'cut before it began' : 'no output' }
  const broken = new Set([
    ...turn.fields.flatMap((field) => (field.problems.length > 0 ? [field.name] : [])),
    ...turn.problems.map(({ path }) => path.split('/')[1] ?? ''),
  ])
  if (broken.size > 0) return { tone: 'bad', label: broken.size === 1 ? '1 field invalid' : `${broken.size} fields invalid` }
  if (turn.output !== undefined) return { tone: 'good', label: 'valid' }
  if (turn.state === 'open' && turn.fields.length > 0) return { tone: 'good', label: 'valid so far' }
  return { tone: 'plain', label: turn.state === 'open' ? 'waiting' : 'no output' }
}
