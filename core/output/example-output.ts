import type { Json, JsonObject } from '../json.ts'
import { wholeBounds } from './field-limits.ts'
import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType } from './field-type.ts'
import { matchingText } from './matching-text.ts'
import { numberProblems } from './validate-output.ts'

/** One output that fits the table, for people to look at: the same table always gives the same example. */
export const exampleOutput = (fields: readonly FieldRule[]): JsonObject =>
  Object.fromEntries(fields.map((field) => [field.field_name, exampleValue(field)]))

export function exampleValue(field: FieldRule): Json {
  if (field.default != null) return field.default
  const parsed = parseFieldType(field.field_type)
  if (!parsed.ok) return null
  const limits = field.constraints
  switch (parsed.type.kind) {
    case 'str':
      return exampleText(field.field_name, limits)
    case 'int':
      return exampleWhole(limits)
    case 'float':
      return exampleNumber(limits)
    case 'bool':
      return false
    case 'literal':
      return parsed.type.values[0] ?? null
    case 'list': {
      const count = Math.max(limits.min_items ?? 0, Math.min(2, limits.max_items ?? 2))
      const item = parsed.type.item
      return Array.from({ length: count }, () => (item === 'int' ? exampleWhole(limits) : exampleText(field.field_name, limits)))
    }
  }
}

function exampleText(name: string, { min_length = 0, max_length = Infinity, pattern }: FieldConstraints): string {
  if (pattern !== undefined) return matchingText(pattern, { min_length, max_length }) ?? ''
  const words = `What ${name.replaceAll('_', ' ')} says here.`
  const text = words.length > max_length ? words.slice(0, max_length).trimEnd().padEnd(min_length, 'a') : words
  return text.padEnd(min_length, ' and so on')
}

function exampleWhole(limits: FieldConstraints): number {
  const { low, high } = wholeBounds(limits)
  return onStep(Math.round(middle(low, high)), low, limits)
}

function exampleNumber(limits: FieldConstraints): number {
  const low = Math.max(limits.ge ?? -Infinity, limits.gt ?? -Infinity)
  const high = Math.min(limits.le ?? Infinity, limits.lt ?? Infinity)
  return onStep(middle(low, high), low, limits)
}

function middle(low: number, high: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return low + (high - low) / 2
  if (Number.isFinite(low)) return low + 1
  return Number.isFinite(high) ? high - 1 : 1
}

/** The nearest multiple that is within the limits. */
function onStep(value: number, low: number, limits: FieldConstraints): number {
  const step = limits.multiple_of
  if (step === undefined) return value
  const nearest = Math.round(value / step)
  const first = Number.isFinite(low) ? Math.ceil(low / step) : nearest
  const tries = [nearest, nearest - 1, nearest + 1, first, first + 1].map((count) => Number((count * step).toPrecision(12)))
  return tries.find((found) => numberProblems(limits, found).length === 0) ?? value
}
