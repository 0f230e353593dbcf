import type { ConstraintName } from '../../../core/output/field-definition.ts'
import { parseFieldType } from '../../../core/output/field-type.ts'
import type { JsonValue } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'
import type { FieldRow } from './field-rows.ts'

/** How a form names each constraint, and what one enters. */
export const CONSTRAINTS: Readonly<
  Record<ConstraintName, Readonly<{ label: string; help: string; kind: 'number' | 'count' | 'pattern' }>>
> = {
  ge: { label: 'At least', help: 'ge: this number or more', kind: 'number' },
  gt: { label: 'More than', help: 'gt', kind: 'number' },
  le: { label: 'At most', help: 'le: this number or less', kind: 'number' },
  lt: { label: 'Less than', help: 'lt', kind: 'number' },
  multiple_of: { label: 'Multiple of', help: 'multiple_of: 5 allows 0, 5, 10 …', kind: 'number' },
  min_length: { label: 'Shortest, characters', help: 'min_length', kind: 'count' },
  max_length: { label: 'Longest, characters', help: 'max_length', kind: 'count' },
  pattern: { label: 'Pattern', help: 'pattern: a regular expression, such as ^[A-Z]{2}\\d+$', kind: 'pattern' },
  min_items: { label: 'Fewest items', help: 'min_items', kind: 'count' },
  max_items: { label: 'Most items', help: 'max_items', kind: 'count' },
}

/** A row's limits in few words: `1 … 10`, `≤ 80 chars`, `document_check, background…`. */
export function constraintText(row: Pick<FieldRow, 'field_type' | 'constraints'>): string {
  const parsed = parseFieldType(row.field_type)
  if (!parsed.ok) return ''
  if (parsed.type.kind === 'literal') return parsed.type.values.join(', ')
  const { ge, gt, le, lt, multiple_of, min_length, max_length, pattern, min_items, max_items } = row.constraints
  return [
    range(ge, le, ''),
    gt === undefined ? '' : `> ${showValue(gt)}`,
    lt === undefined ? '' : `< ${showValue(lt)}`,
    multiple_of === undefined ? '' : `× ${showValue(multiple_of)}`,
    range(min_items, max_items, ' items'),
    range(min_length, max_length, ' chars'),
    typeof pattern === 'string' ? `/${pattern}/` : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function range(low: JsonValue | undefined, high: JsonValue | undefined, unit: string): string {
  if (low !== undefined && high !== undefined) return `${showValue(low)} … ${showValue(high)}${unit}`
  if (high !== undefined) return `≤ ${showValue(high)}${unit}`
  return low === undefined ? '' : `≥ ${showValue(low)}${unit}`
}

/** What was typed for a constraint: undefined removes it, text that is no number is kept so that the error is seen. */
export function parseConstraint(name: ConstraintName, text: string): number | string | undefined {
  if (text.trim() === '') return undefined
  if (CONSTRAINTS[name].kind === 'pattern') return text
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}
