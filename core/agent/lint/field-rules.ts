import { isJsonArray, isJsonObject } from '../../json.ts'
import { parseFieldType } from '../../output/field-type.ts'
import { speechCost } from '../../output/speech-cost.ts'
import { voiceFields } from '../voice-words.ts'
import { withoutLiquid } from '../liquid-parts.ts'
import { templateVariables } from '../template-variables.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'
import { nearestName } from './nearest-name.ts'

const WORTH_TOKENS = 5
/** More of one kind help nobody. */
const MOST = 50

/** The table by itself: what is spoken, what styles the voice, and whether speech has to wait. */
export function fieldRules(view: LintView): LintFinding[] {
  if (!view.has_fields) {
    const message = 'there are no fields: the agent answers in plain words'
    const hint = `Add "${view.spoken_field}" and the values that your application wants from each turn.`
    return [{ rule: 'no-fields', severity: 'info', path: '/schema_config/fields', message, hint }]
  }
  return [...speechFieldRules(view), ...slowOrder(view), ...namesInPrompt(view), ...silentFields(view)]
}

/** The fields that speech needs, by name alone: quick enough for every write of a program. */
export const speechFieldRules = (view: LintView): LintFinding[] => [...spokenField(view), ...styleField(view), ...lateStyle(view)]

const fieldPath = (index: number, key?: string) => `/schema_config/fields/${index}${key === undefined ? '' : `/${key}`}`

function spokenField({ fields, spoken_field, content }: LintView): LintFinding[] {
  const spoken = fields.find(({ field_name }) => field_name === spoken_field)
  if (!spoken) {
    // A broken row of that name is told as what it is.
    if (JSON.stringify(content['schema_config']).includes(`"field_name":${JSON.stringify(spoken_field)}`)) return []
    const message = `the spoken field "${spoken_field}" is not in the table: the agent stays silent`
    return [
      {
        rule: 'spoken-field-missing',
        severity: 'error',
        path: '/schema_config/spoken_field',
        message,
        hint: `Add a field "${spoken_field}" of type str.`,
      },
    ]
  }
  const found: LintFinding[] = []
  if (spoken.field_type.trim() !== 'str') {
    const message = `the spoken field is ${spoken.field_type}; only text can be spoken as it streams`
    found.push({
      rule: 'spoken-field-type',
      severity: 'error',
      path: fieldPath(spoken.index, 'field_type'),
      message,
      hint: 'Make it str.',
    })
  }
  if (!spoken.required) {
    const message = 'the spoken field is optional: a turn may be silent'
    found.push({
      rule: 'spoken-field-optional',
      severity: 'warning',
      path: fieldPath(spoken.index, 'required'),
      message,
      hint: 'Make it required.',
    })
  }
  return found
}

function styleField({ fields, spoken_field, style_field }: LintView): LintFinding[] {
  const style = fields.find(({ field_name }) => field_name === style_field)
  const path = '/tts_config/instruction_field'
  if (!style) {
    const others = voiceFields(fields, spoken_field, style_field)
    const rest = others.map(({ field_name }) => `"${field_name}"`).join(', ')
    const message = `no field is named "${style_field}": ${rest ? `only ${rest} steers the voice` : 'every reply sounds the same'}`
    return [
      {
        rule: 'style-field-missing',
        severity: 'warning',
        path,
        message,
        hint: `Add "${style_field}" (str) right before "${spoken_field}".`,
      },
    ]
  }
  if (style_field === spoken_field) {
    const message = `"${style_field}" cannot be what is said and how it is said`
    return [{ rule: 'style-field-spoken', severity: 'warning', path, message, hint: 'Name another field for the voice style.' }]
  }
  return []
}

/** Speech does not wait for what is written behind it. */
function lateStyle({ fields, spoken_field, style_field }: LintView): LintFinding[] {
  const spoken = fields.find(({ field_name }) => field_name === spoken_field)
  if (!spoken) return []
  return voiceFields(fields, spoken_field, style_field)
    .filter(({ index }) => index > spoken.index)
    .map(({ field_name, index }) => ({
      rule: 'style-field-late',
      severity: 'warning',
      path: fieldPath(index),
      message: `"${field_name}" comes after "${spoken_field}": speech begins before it is known, so it steers the next reply`,
      hint: `Move it up, before "${spoken_field}".`,
    }))
}

function slowOrder({ fields, spoken_field, style_field }: LintView): LintFinding[] {
  const { tokens_before, tokens_saved, best_order, fields_before } = speechCost(
    fields,
    spoken_field,
    voiceFields(fields, spoken_field, style_field).map(({ field_name }) => field_name),
  )
  if (tokens_saved < WORTH_TOKENS) return []
  const message = `about ${tokens_before} tokens are written before speech begins (${fields_before.join(', ')}); ${tokens_saved} of them need not be`
  return [
    {
      rule: 'slow-order',
      severity: 'warning',
      path: '/schema_config/fields',
      message,
      hint: `The fast order: ${best_order.join(', ')}.`,
    },
  ]
}

/** Names in the prompt that look like fields and are none. */
function namesInPrompt(view: LintView): LintFinding[] {
  const known = knownNames(view)
  const names = view.fields.map(({ field_name }) => field_name)
  const unknown = fieldLikeNames(view.instructions).filter(({ name }) => !known.has(name))
  return unknown.slice(0, MOST).map(({ name, start }) => {
    const meant = nearestName(name, names)
    return {
      rule: 'unknown-field',
      severity: 'warning',
      path: '/prompt_config/instructions',
      message: `the prompt names "${name}", and no field is called so`,
      hint: meant ? `Did you mean "${meant}"?` : `Add the field "${name}", or change the text.`,
      range: { start, end: start + name.length },
    }
  })
}

/** snake_case words, and single words in backticks; addresses and paths are neither. */
function fieldLikeNames(instructions: string): { name: string; start: number }[] {
  const blank = (part: string) => ' '.repeat(part.length)
  const text = withoutLiquid(instructions).replaceAll(/\b(?:https?:\/\/|www\.)\S+|[\w.+-]{1,64}@\S+/g, blank)
  const found = text.matchAll(/`([a-z][a-z0-9]*(?:_[a-z0-9]+)*)`|(?<![\w/.-])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w/-])/g)
  return [...found].map((match) => {
    const name = match[1] ?? match[2] ?? ''
    return { name, start: match.index + match[0].indexOf(name) }
  })
}

function knownNames(view: LintView): Set<string> {
  const rows = view.content['schema_config']
  const table = isJsonObject(rows) && isJsonArray(rows['fields']) ? rows['fields'] : []
  const tools = isJsonArray(view.content['tools']) ? view.content['tools'] : []
  const variables = [...Object.keys(view.dynamic_vars), ...templateVariables(view.instructions).map(({ name }) => name)]
  return new Set([
    ...[...table, ...tools]
      .flatMap((row) => (isJsonObject(row) ? [row['field_name'], row['name']] : []))
      .filter((name) => typeof name === 'string'),
    ...view.fields.flatMap(({ field_type }) => choicesOf(field_type)),
    ...variables.flatMap((name) => [name, ...name.split('.')]),
  ])
}

const choicesOf = (field_type: string): readonly string[] => {
  const parsed = parseFieldType(field_type)
  return parsed.ok && parsed.type.kind === 'literal' ? parsed.type.values : []
}

/** Fields that the prompt never names: the model has only their name (and description) to go by. */
function silentFields({ fields, instructions, spoken_field, style_field }: LintView): LintFinding[] {
  return fields
    .filter(({ field_name }) => field_name !== spoken_field && field_name !== style_field)
    .filter(({ field_name }) => !new RegExp(`(?<!\\w)${field_name}(?!\\w)`).test(instructions))
    .map(({ field_name, description, index }) => ({
      rule: 'field-not-in-prompt',
      severity: description.trim() === '' ? 'warning' : 'info',
      path: fieldPath(index),
      message: `the prompt does not name "${field_name}"${description.trim() === '' ? ', and it has no description' : ''}`,
      hint: 'Say in the prompt when and how it is set; models fill what they are told about.',
    }))
}
