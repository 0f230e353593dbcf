import type { FieldConstraints } from './field-rule.ts'
import type { ParsedFieldType } from './field-type.ts'

const MOST_CHOICES = 25

/** The whole numbers that the limits leave, when they are few; otherwise nothing. */
export function wholeRange(limits: FieldConstraints): readonly number[] | undefined {
  const { low, high } = wholeBounds(limits)
  if (!(high - low < MOST_CHOICES)) return undefined
  const all = Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index)
  return all.filter((value) => limits.multiple_of === undefined || value % limits.multiple_of === 0)
}

/** The lowest and highest whole number that the limits leave; infinite where there is no limit. */
export function wholeBounds({ ge, gt, le, lt }: FieldConstraints): { low: number; high: number } {
  const low = Math.max(ge === undefined ? -Infinity : Math.ceil(ge), gt === undefined ? -Infinity : Math.floor(gt) + 1)
  const high = Math.min(le === undefined ? Infinity : Math.floor(le), lt === undefined ? Infinity : Math.ceil(lt) - 1)
  return { low, high }
}

/** The limits in words, for a description that a model reads: "From 1 to 10." Empty when there are none. */
export function describeLimits(type: ParsedFieldType, limits: FieldConstraints): string {
  switch (type.kind) {
    case 'str':
      return sentence(textLimits(limits))
    case 'int':
    case 'float':
      return sentence(numberLimits(limits))
    case 'list': {
      const items = between(limits.min_items, limits.max_items, 'item')
      const each = type.item === 'str' ? textLimits(limits) : numberLimits(limits)
      return sentence([...items, ...(each.length > 0 ? [`each item ${each.join(', ')}`] : [])])
    }
    case 'bool':
    case 'literal':
      return ''
  }
}

/** Sentences one after the other, each with its end: descriptions are typed with and without a full stop. */
export const joinSentences = (sentences: readonly string[]): string => {
  const filled = sentences.map((one) => one.trim()).filter((one) => one !== '')
  return filled.map((one, index) => (index < filled.length - 1 && /[\p{L}\p{N}"'’”)\]]$/u.test(one) ? `${one}.` : one)).join(' ')
}

const textLimits = ({ min_length, max_length, pattern }: FieldConstraints): string[] => [
  ...between(min_length, max_length, 'character'),
  ...(pattern === undefined ? [] : [`matching the regular expression ${pattern}`]),
]

function numberLimits({ ge, gt, le, lt, multiple_of }: FieldConstraints): string[] {
  const parts: string[] = []
  if (ge !== undefined && le !== undefined) parts.push(`from ${ge} to ${le}`)
  else if (ge !== undefined) parts.push(`at least ${ge}`)
  else if (le !== undefined) parts.push(`at most ${le}`)
  if (gt !== undefined) parts.push(`more than ${gt}`)
  if (lt !== undefined) parts.push(`less than ${lt}`)
  if (multiple_of !== undefined) parts.push(`a multiple of ${multiple_of}`)
  return parts
}

function between(least: number | undefined, most: number | undefined, unit: string): string[] {
  const units = (number: number) => `${number} ${unit}${number === 1 ? '' : 's'}`
  if (least !== undefined && most !== undefined)
    return [least === most ? `exactly ${units(least)}` : `${least} to ${units(most)}`]
  if (least !== undefined) return [`at least ${units(least)}`]
  return most === undefined ? [] : [`at most ${units(most)}`]
}

function sentence(parts: readonly string[]): string {
  const text = parts.join(', ')
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
