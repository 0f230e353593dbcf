import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'
import { anyNumber, wholeNumber } from './grammar-number.ts'
import { blockRule, choice, quoted, quotedJson, repeated } from './grammar-text.ts'
import { fewWords, shortQuestion, SHORT_QUESTION_RULES } from './short-question.ts'
import { validateField } from './validate-output.ts'

/** How a small model is helped beyond the table. */
export type GrammarShape = Readonly<{
  spoken_field: string
  /** `short_question`: at most one short sentence, then a short question, in English. */
  spoken: 'free' | 'short_question'
  style_field: string
  /** What the style field is chosen from; empty: anything. */
  styles: readonly string[]
  /** Characters of a text without a limit of its own: an answer has to end before its tokens do. */
  longest_text: number
}>

/** How texts are written: as JSON strings, or bare. The names are those of rules below. */
type Writing = Readonly<{
  letter: string
  said: string
  begin: string
  item: string
  text: (letters: string) => string
  choice: (value: string) => string
}>

const inQuotes = (letters: string) => `${quoted('"')} ${letters} ${quoted('"')}`
export const AS_JSON: Writing = { letter: 'char', said: 'said', begin: 'begin', item: 'char', text: inQuotes, choice: quotedJson }
export const BARE: Writing = {
  letter: 'bare',
  said: 'uttered',
  begin: 'opening',
  item: 'quotable',
  text: (letters) => letters,
  choice: quoted,
}

const LONGEST_LIST = 8
/** No text is longer, unless it has to be: about a minute of speech. */
const LONGEST = 900

/** Each letter is one character of the text, so that lengths can be counted. Marks of Markdown are not said. */
const LETTERS: readonly string[] = [
  String.raw`char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]`,
  String.raw`said ::= [^"\\\x00-\x1F\x7F*_#${'`'}<>{}|~] | "\\\""`,
  String.raw`begin ::= [^"\\\x00-\x20\x7F*_#${'`'}<>{}|~]`,
  String.raw`bare ::= [^()\x00-\x1F\x7F]`,
  String.raw`uttered ::= [^()"\\\x00-\x1F\x7F*_#${'`'}<>{}|~]`,
  String.raw`opening ::= [^()"\\\x00-\x20\x7F*_#${'`'}<>{}|~]`,
  String.raw`quotable ::= [^()"\\\x00-\x1F\x7F]`,
]
export const RULES: readonly string[] = [
  ...LETTERS,
  ...LETTERS.map((rule) => blockRule(rule.split(' ')[0] ?? '')),
  ...SHORT_QUESTION_RULES,
]

export type TypedField = Readonly<{ field: FieldRule; type: ParsedFieldType }>

/** The rows of the table that have a type. */
export const typedFields = (fields: readonly FieldRule[]): TypedField[] =>
  fields.flatMap((field) => {
    const result = parseFieldType(field.field_type)
    return result.ok ? [{ field, type: result.type }] : []
  })

/**
 * The table as GBNF: whatever a model samples under it is JSON with every key in the table's order, of the right types and within
 * the limits. A grammar cannot hold a `pattern`, and of the multiples of a number it offers the nearest few hundred.
 */
export function toGrammar(fields: readonly FieldRule[], shape: GrammarShape): string {
  const typed = typedFields(fields)
  const keys = typed.map(
    ({ field }, index) => `${quoted(`${index === 0 ? '' : ','}${JSON.stringify(field.field_name)}:`)} f${index}`,
  )
  return [`root ::= ${[quoted('{'), ...keys, quoted('}')].join(' ')}`, ...fieldRules(typed, shape, AS_JSON), ...RULES].join('\n')
}

/** What is said by an agent without a table. Nothing when it may say anything. */
export function toSpeechGrammar(shape: GrammarShape): string | undefined {
  const words = shape.spoken === 'short_question' ? shortQuestion({}) : undefined
  return words && [`root ::= ${words}`, ...RULES].join('\n')
}

/** `f0`, `f1`, …, and of a list what is in it (`f2i`) and what follows its first (`f2n`). */
export const fieldRules = (typed: readonly TypedField[], shape: GrammarShape, writing: Writing, names = 'f'): string[] =>
  typed.flatMap(({ field, type }, index) => {
    const [name, or] = [`${names}${index}`, field.required ? '' : ' | "null"']
    if (type.kind !== 'list') return [`${name} ::= ${value(field, type, shape, writing)}${or}`]
    const text = () => inQuotes(letters(writing.item, field.constraints, shape.longest_text))
    const item = type.item === 'str' ? text() : wholeNumber(field.constraints)
    return [`${name} ::= ${list(name, field.constraints)}${or}`, `${name}i ::= ${item}`, `${name}n ::= "," ${name}i`]
  })

type Single = Exclude<ParsedFieldType, { kind: 'list' }>

function value(field: FieldRule, type: Single, shape: GrammarShape, writing: Writing): string {
  const limits = field.constraints
  switch (type.kind) {
    case 'str':
      return textField(field, shape, writing)
    case 'int':
      return wholeNumber(limits)
    case 'float':
      return anyNumber(limits)
    case 'bool':
      return '"true" | "false"'
    case 'literal':
      return choice(type.values.map(writing.choice))
  }
}

function textField(field: FieldRule, shape: GrammarShape, writing: Writing): string {
  const limits = field.constraints
  if (field.field_name === shape.style_field) {
    const styles = shape.styles.filter((style) => validateField(field, style).length === 0)
    if (styles.length > 0) return choice(styles.map(writing.choice))
  }
  const short = shape.spoken === 'short_question'
  if (field.field_name !== shape.spoken_field)
    return writing.text((short ? fewWords(limits) : undefined) ?? letters(writing.letter, limits, shape.longest_text))
  const question = short ? shortQuestion(limits) : undefined
  return writing.text(question ?? letters(writing.said, limits, shape.longest_text, writing.begin))
}

/** As many as the limits say. What is said begins with a word. */
function letters(letter: string, { min_length = 0, max_length }: FieldConstraints, longest: number, first?: string): string {
  const most = Math.min(max_length ?? Math.max(longest, min_length), Math.max(LONGEST, min_length))
  if (first === undefined || most === 0) return repeated(letter, min_length, most)
  return `${first} ${repeated(letter, Math.max(0, min_length - 1), most - 1)}`
}

function list(name: string, { min_items = 0, max_items }: FieldConstraints): string {
  const most = Math.max(min_items, Math.min(max_items ?? LONGEST_LIST, LONGEST))
  if (most === 0) return quoted('[]')
  const items = `${name}i${most === 1 ? '' : ` ${name}n{${Math.max(0, min_items - 1)},${most - 1}}`}`
  return min_items === 0 ? `"[" (${items})? "]"` : `"[" ${items} "]"`
}
