import { parseJson, type Json } from '../json.ts'
import type { FieldRule } from './field-rule.ts'
import { BARE, fieldRules, RULES, typedFields, type GrammarShape, type TypedField } from './grammar.ts'
import { quoted } from './grammar-text.ts'

/** Turns what the model writes into the JSON that it stands for, as it comes. */
export type ReplyReader = Readonly<{ push: (text: string) => string; end: () => string }>
export type SpokenForm = Readonly<{ grammar: string; reader: () => ReplyReader }>

/**
 * The table as a person would write it down, for models that are lost inside JSON. How it sounds is a remark in brackets, then comes
 * what is said, and all else behind it on lines of its own: a tiny model that has written six remarks has forgotten the caller.
 *
 *     (Calm and clear.) What did you cook?
 *     rating: 4
 *
 * Nothing for a table that cannot be written so.
 */
export function spokenForm(fields: readonly FieldRule[], shape: GrammarShape): SpokenForm | undefined {
  const typed = spokenFirst(typedFields(fields), shape)
  const at = typed.findIndex(({ field }) => field.field_name === shape.spoken_field)
  if (typed[at]?.type.kind !== 'str' || !typed[at].field.required || typed.some(isAmbiguous)) return undefined
  const parts = typed.map((one, index): Part => ({
    ...one,
    name: one.field.field_name,
    isText: (one.type.kind === 'str' || one.type.kind === 'literal') && one.field.required,
    before: index < at ? '(' : index === at ? '' : `${one.field.field_name}: `,
    after: index < at ? ') ' : index === typed.length - 1 ? '' : '\n',
  }))
  const root = parts.flatMap(({ before, after }, index) => [quoted(before), `f${index}`, quoted(after)])
  return {
    grammar: [`root ::= ${root.join(' ')}`, ...fieldRules(typed, shape, BARE), ...RULES].join('\n'),
    reader: () => createReader(parts),
  }
}

/** Sorting keeps the table's order within each place. */
const spokenFirst = (typed: readonly TypedField[], { style_field, spoken_field }: GrammarShape): TypedField[] => {
  const place = ({ field: { field_name } }: TypedField) => (field_name === style_field ? 0 : field_name === spoken_field ? 1 : 2)
  return [...typed].sort((a, b) => place(a) - place(b))
}

type Part = TypedField & Readonly<{ name: string; isText: boolean; before: string; after: string }>

/** A choice that holds what separates the parts. */
const isAmbiguous = ({ type, field }: TypedField): boolean =>
  type.kind === 'literal' &&
  (type.values.some((value) => /[()\n]/.test(value)) || (!field.required && type.values.includes('null')))

function createReader(parts: readonly Part[]): ReplyReader {
  let index = 0
  let waiting = ''
  let isOpen = false
  /** Whether the text that is being read has been begun on the other side; texts pass as they come. */
  let told = false

  const key = () => `${index === 0 ? '{' : ','}${JSON.stringify(parts[index]?.name)}:`

  /** One step on; nothing when more text is needed first. */
  function step(part: Part, isEnd: boolean): string | undefined {
    if (!isOpen) {
      if (waiting.length < part.before.length) return undefined
      waiting = waiting.slice(part.before.length)
      isOpen = true
      told = false
    }
    const end = part.after === '' ? -1 : waiting.indexOf(part.after)
    const isWhole = end >= 0 || (isEnd && part.after === '')
    // What ends a part may itself come in two pieces; no value holds its first letter.
    const stop = part.after === '' ? -1 : waiting.indexOf(part.after.charAt(0))
    const text = stop >= 0 ? waiting.slice(0, stop) : waiting
    if (!isWhole && (!part.isText || (told && text === ''))) return undefined
    const written = part.isText ? passed(text, isWhole) : `${key()}${JSON.stringify(meant(part, text))}`
    waiting = end >= 0 ? waiting.slice(end + part.after.length) : stop >= 0 ? waiting.slice(stop) : ''
    if (!isWhole) return written
    isOpen = false
    index += 1
    return index === parts.length ? `${written}}` : written
  }

  function passed(text: string, isWhole: boolean): string {
    const start = told ? '' : `${key()}"`
    told = true
    return `${start}${JSON.stringify(text).slice(1, -1)}${isWhole ? '"' : ''}`
  }

  function read(isEnd: boolean): string {
    let written = ''
    for (let part = parts[index]; part; part = parts[index]) {
      const more = step(part, isEnd)
      if (more === undefined || more === '') return written
      written += more
      if (waiting === '' && !isEnd) return written
    }
    return written
  }

  return {
    push(text) {
      waiting += text
      return read(false)
    },
    end: () => read(true),
  }
}

function meant({ field, type }: Part, text: string): Json {
  if (!field.required && text === 'null') return null
  if (type.kind === 'str' || type.kind === 'literal') return text
  return parseJson(text) ?? text
}
