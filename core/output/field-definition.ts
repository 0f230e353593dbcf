import { fieldPattern } from './field-pattern.ts'
import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'
import { numberProblems, validateField } from './validate-output.ts'

const NUMBER = ['ge', 'gt', 'le', 'lt', 'multiple_of'] as const
const TEXT = ['min_length', 'max_length', 'pattern'] as const
const ITEMS = ['min_items', 'max_items'] as const
const ALL = [...NUMBER, ...TEXT, ...ITEMS] as const
export type ConstraintName = (typeof ALL)[number]

/** The constraints that a type can have, in the order in which a form shows them. Those of a list's items apply to each item. */
export function constraintsOf(type: ParsedFieldType): readonly ConstraintName[] {
  switch (type.kind) {
    case 'str':
      return TEXT
    case 'int':
    case 'float':
      return NUMBER
    case 'list':
      return type.item === 'str' ? [...ITEMS, ...TEXT] : [...ITEMS, ...NUMBER]
    case 'bool':
    case 'literal':
      return []
  }
}

type Found = { path: string[]; message: string }

/** What is wrong with a row of the table beside its name and type: constraints against the type, and the default against both. */
export function fieldDefinitionProblems(field: FieldRule): Found[] {
  const parsed = parseFieldType(field.field_type)
  if (!parsed.ok) return []
  const constraints = constraintProblems(parsed.type, field)
  const sound = constraints.length === 0
  return [...constraints, ...(sound ? defaultProblems(field) : [])]
}

function constraintProblems(type: ParsedFieldType, { field_type, constraints }: FieldRule): Found[] {
  const allowed = constraintsOf(type)
  const misplaced = ALL.filter((name) => constraints[name] !== undefined && !allowed.includes(name)).map((name) => ({
    path: ['constraints', name],
    message: `${name} means nothing for ${field_type}; ${
      allowed.length === 0 ? 'this type takes no constraints' : `this type takes ${allowed.join(', ')}`
    }`,
  }))
  const pattern = constraints.pattern === undefined ? undefined : fieldPattern(constraints.pattern)
  const broken = pattern && !pattern.ok ? [{ path: ['constraints', 'pattern'], message: pattern.problem }] : []
  return [...misplaced, ...broken, ...emptyRanges(type, constraints)]
}

/** Pairs of limits that no value can meet. */
function emptyRanges(type: ParsedFieldType, limits: FieldConstraints): Found[] {
  const found: Found[] = []
  const clash = (name: ConstraintName, message: string) => found.push({ path: ['constraints', name], message })
  const { min_length, max_length, min_items, max_items } = limits
  if (min_length !== undefined && max_length !== undefined && min_length > max_length)
    clash('max_length', `max_length ${max_length} is less than min_length ${min_length}: no text fits`)
  if (min_items !== undefined && max_items !== undefined && min_items > max_items)
    clash('max_items', `max_items ${max_items} is less than min_items ${min_items}: no list fits`)
  const lowest = Math.max(limits.ge ?? -Infinity, limits.gt ?? -Infinity)
  const highest = Math.min(limits.le ?? Infinity, limits.lt ?? Infinity)
  const open = lowest === limits.gt || highest === limits.lt
  const upper: ConstraintName = highest === limits.lt ? 'lt' : 'le'
  if (lowest > highest || (lowest === highest && open)) clash(upper, `no number is both above ${lowest} and below ${highest}`)
  else if (isWhole(type) && !someWholeNumber(limits, lowest, highest))
    clash(upper, `no whole number lies between ${lowest} and ${highest}`)
  else if (!someMultiple(limits, lowest, highest))
    clash('multiple_of', `no multiple of ${limits.multiple_of ?? 1} lies between ${lowest} and ${highest}`)
  return found
}

const isWhole = (type: ParsedFieldType): boolean => type.kind === 'int' || (type.kind === 'list' && type.item === 'int')

function someWholeNumber({ gt, lt }: FieldConstraints, lowest: number, highest: number): boolean {
  if (!Number.isFinite(lowest) || !Number.isFinite(highest)) return true
  const first = lowest === gt ? Math.floor(lowest) + 1 : Math.ceil(lowest)
  const last = highest === lt ? Math.ceil(highest) - 1 : Math.floor(highest)
  return first <= last
}

function someMultiple(limits: FieldConstraints, lowest: number, highest: number): boolean {
  const step = limits.multiple_of
  if (step === undefined || !Number.isFinite(lowest) || !Number.isFinite(highest)) return true
  const first = Math.ceil(lowest / step)
  return [first - 1, first, first + 1].some(
    (count) => numberProblems(limits, Number((count * step).toPrecision(12))).length === 0,
  )
}

function defaultProblems(field: FieldRule): Found[] {
  if (field.default === undefined) return []
  if (field.default === null) return field.required ? [{ path: ['default'], message: 'a required field cannot be null' }] : []
  return validateField(field, field.default).map(({ path, message }) => ({
    path: ['default', ...path.split('/').slice(2)],
    message: `the default does not fit: ${message}`,
  }))
}
