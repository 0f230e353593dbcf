import type { FieldConstraints } from './field-rule.ts'

const LONGEST_WORD = 14
const MOST_WORDS = 16
const FEWEST_WORDS = 3
/** The longest beginning of a question, the spaces and the marks around two sentences. */
const AROUND = 'Could you'.length + 5
/** A word with what stands before it. */
const WORD = LONGEST_WORD + 2
const SHORTEST = 'How a b c?'.length

/** Words of a bounded length: a tiny model that is lost writes "111111" without end. */
export const SHORT_QUESTION_RULES: readonly string[] = [
  `word ::= [a-zA-Z] [a-z']{0,${LONGEST_WORD - 1}} | [0-9]{1,4}`,
  `next ::= ","? " " word`,
  `asked ::= "What" | "How" | "Why" | "Which" | "Can you" | "Could you" | "When" | "Where" | "Who" | "Do you" | "Did you"`,
]

/** At most one short sentence, then a short question. Nothing when the field's own limits leave no room for it. */
export function shortQuestion({ min_length = 0, max_length = Infinity, pattern }: FieldConstraints): string | undefined {
  const most = Math.min(MOST_WORDS, Math.floor((max_length - AROUND) / 2 / WORD) - 1)
  if (pattern !== undefined || most < FEWEST_WORDS || min_length > SHORTEST) return undefined
  return `([A-Z] [a-z']{0,${LONGEST_WORD - 1}} next{1,${most}} [.!] " ")? asked next{${FEWEST_WORDS},${most}} "?"`
}
