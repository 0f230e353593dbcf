import type { JsonValue } from '../document-edit.ts'
import { showValue } from '../parse-value.ts'

export type Suggestion = Readonly<{ label: string; insert: string; detail: string; kind: 'variable' | 'field' | 'filter' }>

export type PromptWords = Readonly<{
  variables: readonly Readonly<{ name: string; detail: string }>[]
  fields: readonly Readonly<{ name: string; detail: string }>[]
}>

const FILTERS = [
  ['default', 'what stands there without a value'],
  ['upcase', 'in capitals'],
  ['downcase', 'in small letters'],
  ['capitalize', 'first letter large'],
  ['join', 'a list in one line'],
  ['first', 'first item of a list'],
  ['size', 'how many'],
  ['date', 'a date as wanted'],
  ['strip', 'without spaces around'],
] as const

/** Where the caret stands: `{{ na|` wants variables, `{{ name | de|` filters, everywhere else field names. */
export function suggest(before: string, words: PromptWords): readonly Suggestion[] {
  const open = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'))
  const closed = Math.max(before.lastIndexOf('}}'), before.lastIndexOf('%}'))
  if (open > closed) {
    if (/\|\s*\w*$/.test(before.slice(open))) {
      return FILTERS.map(([label, detail]) => ({
        label,
        insert: label === 'default' ? 'default: "$1"' : label,
        detail,
        kind: 'filter',
      }))
    }
    return words.variables.map(({ name, detail }) => ({ label: name, insert: name, detail, kind: 'variable' }))
  }
  const braced = words.variables.map(({ name, detail }) => ({
    label: `{{ ${name} }}`,
    insert: `{{ ${name} }}`,
    detail,
    kind: 'variable' as const,
  }))
  return [...words.fields.map(({ name, detail }) => ({ label: name, insert: name, detail, kind: 'field' as const })), ...braced]
}

/** A declared variable in one line: its description, else its default. */
export function variableDetail(declared: JsonValue | undefined): string {
  if (declared === undefined) return 'used in this prompt'
  if (typeof declared !== 'object' || declared === null || Array.isArray(declared)) return `default: ${showValue(declared)}`
  const { description, default: fallback } = declared
  if (typeof description === 'string' && description) return description
  return fallback === undefined ? 'variable' : `default: ${showValue(fallback)}`
}
