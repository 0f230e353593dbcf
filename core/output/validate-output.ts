import type { Json, JsonObject } from '../json.ts'
import { toPointer, type Problem } from '../contract/errors.ts'
import { fieldPattern } from './field-pattern.ts'
import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'

/**
 * Checks the output of a turn against the table. In the output that comes back, null or nothing for an optional field has
 * become its default (or null); everything else is as the model wrote it. Paths are JSON pointers into the output.
 */
export function validateOutput(fields: readonly FieldRule[], output: JsonObject): { output: JsonObject; problems: Problem[] } {
  const problems: Problem[] = []
  const entries: [string, Json][] = []
  for (const field of fields) {
    const given = Object.hasOwn(output, field.field_name) ? output[field.field_name] : undefined
    if (given === undefined && field.required) {
      problems.push({ path: toPointer([field.field_name]), message: `"${field.field_name}" is missing` })
      continue
    }
    const value = !field.required && given == null ? (field.default ?? null) : given
    if (value === undefined) continue
    problems.push(...validateField(field, value))
    entries.push([field.field_name, value])
  }
  const known = new Set(fields.map((field) => field.field_name))
  for (const [name, value] of Object.entries(output)) {
    if (known.has(name)) continue
    problems.push({ path: toPointer([name]), message: `"${name}" is not a field of this agent` })
    entries.push([name, value])
  }
  return { output: Object.fromEntries(entries), problems }
}

/** What keeps `value` from fitting the field: its type first, then its constraints. Paths start with the field's name. */
export function validateField(field: FieldRule, value: Json): Problem[] {
  const parsed = parseFieldType(field.field_type)
  if (!parsed.ok) return [{ path: toPointer([field.field_name]), message: parsed.problem }]
  if (value === null) {
    return field.required ? [{ path: toPointer([field.field_name]), message: 'must not be null: the field is required' }] : []
  }
  return valueProblems(parsed.type, field.constraints, value).map(({ path, message }) => ({
    path: toPointer([field.field_name, ...path]),
    message,
  }))
}

type Found = { path: number[]; message: string }

function valueProblems(type: ParsedFieldType, rules: FieldConstraints, value: Json): Found[] {
  switch (type.kind) {
    case 'str':
      return typeof value === 'string' ? here(stringProblems(rules, value)) : [wrongType('a string', value)]
    case 'int':
      return isInteger(value) ? here(numberProblems(rules, value)) : [wrongType('a whole number', value)]
    case 'float':
      return typeof value === 'number' ? here(numberProblems(rules, value)) : [wrongType('a number', value)]
    case 'bool':
      return typeof value === 'boolean' ? [] : [wrongType('true or false', value)]
    case 'literal':
      return typeof value === 'string' && type.values.includes(value)
        ? []
        : here([`must be one of ${type.values.map((choice) => `"${choice}"`).join(', ')}; it is ${show(value)}`])
    case 'list':
      return Array.isArray(value) ? listProblems(type.item, rules, value) : [wrongType('a list', value)]
  }
}

function listProblems(item: 'str' | 'int', rules: FieldConstraints, values: readonly Json[]): Found[] {
  const length = here([...atLeast('item', rules.min_items, values.length), ...atMost('item', rules.max_items, values.length)])
  const items = values.flatMap((value, index) =>
    valueProblems({ kind: item }, rules, value).map(({ message }) => ({ path: [index], message })),
  )
  return [...length, ...items]
}

function stringProblems(rules: FieldConstraints, value: string): string[] {
  // Characters as people (and Python, and JSON Schema) count them: code points.
  const length = rules.min_length === undefined && rules.max_length === undefined ? 0 : [...value].length
  const found = [...atLeast('character', rules.min_length, length), ...atMost('character', rules.max_length, length)]
  if (rules.pattern === undefined) return found
  const pattern = fieldPattern(rules.pattern)
  if (!pattern.ok) return [...found, pattern.problem]
  return pattern.matches(value) ? found : [...found, `must match ${rules.pattern}; it is ${show(value)}`]
}

/** Which limits of a number field a number breaks. */
export function numberProblems({ ge, gt, le, lt, multiple_of }: FieldConstraints, value: number): string[] {
  const found: string[] = []
  if (ge !== undefined && value < ge) found.push(`must be at least ${ge}; it is ${value}`)
  if (gt !== undefined && value <= gt) found.push(`must be more than ${gt}; it is ${value}`)
  if (le !== undefined && value > le) found.push(`must be at most ${le}; it is ${value}`)
  if (lt !== undefined && value >= lt) found.push(`must be less than ${lt}; it is ${value}`)
  if (multiple_of !== undefined && !isMultiple(value, multiple_of))
    found.push(`must be a multiple of ${multiple_of}; it is ${value}`)
  return found
}

/** 0.3 is a multiple of 0.1 although binary fractions say otherwise. */
const isMultiple = (value: number, step: number): boolean => {
  const quotient = value / step
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient))
}

const isInteger = (value: Json): value is number => typeof value === 'number' && Number.isSafeInteger(value)

const atLeast = (unit: string, limit: number | undefined, length: number): string[] =>
  limit !== undefined && length < limit ? [`must have at least ${count(limit, unit)}; it has ${length}`] : []
const atMost = (unit: string, limit: number | undefined, length: number): string[] =>
  limit !== undefined && length > limit ? [`must have at most ${count(limit, unit)}; it has ${length}`] : []

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`
const here = (messages: readonly string[]): Found[] => messages.map((message) => ({ path: [], message }))
const wrongType = (wanted: string, value: Json): Found => ({ path: [], message: `must be ${wanted}; it is ${show(value)}` })

function show(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
