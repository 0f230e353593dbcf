import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType, type ParsedFieldType } from './field-type.ts'
import { anyNumber, wholeNumber } from './grammar-number.ts'
import { choice, quoted, quotedJson, repeated } from './grammar-text.ts'
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

const LONGEST_LIST = 8
/** A text that may be longer than this may be as long as the reply. */
const LONGEST = 2000

const LONGEST_WORD = 14

const RULES = [
  // Each is one character of the text, so that lengths can be counted.
  String.raw`char ::= [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt]`,
  String.raw`said ::= [^"\\\x00-\x1F\x7F*_#${'`'}<>{}|~] | "\\\""`,
  String.raw`begin ::= [^"\\\x00-\x20\x7F*_#${'`'}<>{}|~]`,
  // Words of a bounded length: a tiny model that is lost writes "111111" without end.
  `word ::= [a-zA-Z] [a-z']{0,${LONGEST_WORD - 1}} | [0-9]{1,4}`,
  `next ::= ","? " " word`,
  `last ::= [a-z]{2,${LONGEST_WORD}}`,
  `asked ::= "What" | "How" | "Why" | "Which" | "Can you" | "Could you" | "When" | "Where" | "Who" | "Do you" | "Did you"`,
]

/**
 * The table as GBNF: whatever a model samples under it is JSON with every key in the table's order, of the right types and within
 * the limits. A grammar cannot hold a `pattern`, and of the multiples of a number it offers the nearest few hundred.
 */
export function toGrammar(fields: readonly FieldRule[], shape: GrammarShape): string {
  const parsed = fields.flatMap((field) => {
    const result = parseFieldType(field.field_type)
    return result.ok ? [{ field, type: result.type }] : []
  })
  const keys = parsed.map(
    ({ field }, index) => `${quoted(`${index === 0 ? '' : ','}${JSON.stringify(field.field_name)}:`)} f${index}`,
  )
  return [
    `root ::= ${[quoted('{'), ...keys, quoted('}')].join(' ')}`,
    ...parsed.map(({ field, type }, index) => `f${index} ::= ${value(field, type, shape)}${field.required ? '' : ' | "null"'}`),
    ...RULES,
  ].join('\n')
}

/** What is said by an agent without a table. Nothing when it may say anything. */
export function toSpeechGrammar(shape: GrammarShape): string | undefined {
  const words = shape.spoken === 'short_question' ? shortQuestion({}) : undefined
  return words && [`root ::= ${words}`, ...RULES].join('\n')
}

function value(field: FieldRule, type: ParsedFieldType, shape: GrammarShape): string {
  const limits = field.constraints
  switch (type.kind) {
    case 'str':
      return textField(field, shape)
    case 'int':
      return wholeNumber(limits)
    case 'float':
      return anyNumber(limits)
    case 'bool':
      return '"true" | "false"'
    case 'literal':
      return choice(type.values.map(quotedJson))
    case 'list':
      return list(type.item === 'str' ? text('char', limits, shape.longest_text) : wholeNumber(limits), limits)
  }
}

function textField(field: FieldRule, shape: GrammarShape): string {
  const limits = field.constraints
  if (field.field_name === shape.style_field) {
    const styles = shape.styles.filter((style) => validateField(field, style).length === 0)
    if (styles.length > 0) return choice(styles.map(quotedJson))
  }
  if (field.field_name !== shape.spoken_field) return text('char', limits, shape.longest_text)
  const question = shape.spoken === 'short_question' ? shortQuestion(limits) : undefined
  return question === undefined ? text('said', limits, shape.longest_text) : `${quoted('"')} ${question} ${quoted('"')}`
}

function text(letter: 'char' | 'said', { min_length = 0, max_length }: FieldConstraints, longest: number): string {
  const most = Math.min(max_length ?? Math.max(longest, min_length), Math.max(LONGEST, min_length))
  // What is said begins with a word.
  const inside =
    letter === 'said' && most > 0
      ? `begin ${repeated(letter, Math.max(0, min_length - 1), most - 1)}`
      : repeated(letter, min_length, most)
  return `${quoted('"')} ${inside} ${quoted('"')}`
}

function list(item: string, { min_items = 0, max_items }: FieldConstraints): string {
  const most = Math.max(min_items, Math.min(max_items ?? LONGEST_LIST, 1000))
  if (most === 0) return quoted('[]')
  const items = `(${item}) ${most === 1 ? '' : repeated(`"," (${item})`, Math.max(0, min_items - 1), most - 1)}`
  return min_items === 0 ? `"[" (${items})? "]"` : `"[" ${items} "]"`
}

const MOST_WORDS = 16
const FEWEST_WORDS = 3
/** The longest beginning of a question, the spaces and the marks around two sentences. */
const AROUND = 'Could you'.length + 5
/** A word with what stands before it. */
const WORD = LONGEST_WORD + 2

/** Nothing when the field's own limits leave no room for it. */
function shortQuestion({ min_length = 0, max_length = Infinity, pattern }: FieldConstraints): string | undefined {
  const most = Math.min(MOST_WORDS, Math.floor((max_length - AROUND) / 2 / WORD) - 2)
  const shortest = 'How a b c de?'.length
  if (pattern !== undefined || most < FEWEST_WORDS + 2 || min_length > shortest) return undefined
  return `([A-Z] [a-z']{0,${LONGEST_WORD - 1}} next{${FEWEST_WORDS},${most}} [.!] " ")? asked next{${FEWEST_WORDS},${most}} " " last "?"`
}
