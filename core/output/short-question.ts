import type { FieldConstraints } from './field-rule.ts'

const LONGEST_WORD = 14
const MOST_WORDS = 13
/** Of what is not said; it wanders off in more. */
const NOTE_WORDS = 7
const FEWEST_WORDS = 3
/** The longest beginning of a question, the spaces and the marks around two sentences. */
const AROUND = 'Could you'.length + 5
/** A word with what stands before it. */
const WORD = LONGEST_WORD + 2
const SHORTEST = 'How a b c?'.length

/** Words of a bounded length, and no figures: a tiny model that has begun to count does not stop. */
export const SHORT_QUESTION_RULES: readonly string[] = [
  `word ::= [a-zA-Z] [a-z]{0,${LONGEST_WORD - 4}} ("'" [a-z]{1,2})?`,
  `next ::= ","? " " word`,
  `noted ::= "The caller" (" wants" | " needs" | " has" | " says")`,
  `asked ::= "What" | "How" | "Why" | "Which" | "Can you" | "Could you" | "When" | "Where" | "Who" | "Do you" | "Did you"`,
]

/** Some words, for what is not said. Nothing when the field's own limits leave no room for them. */
export function fewWords({ min_length = 0, max_length = Infinity, pattern }: FieldConstraints): string | undefined {
  const most = Math.min(NOTE_WORDS, Math.floor((max_length - 1) / WORD)) - 1
  if (pattern !== undefined || most < FEWEST_WORDS || min_length > FEWEST_WORDS * 2) return undefined
  return `noted next{${FEWEST_WORDS},${most}} "."`
}

/** At most one short sentence, then a short question. Nothing when the field's own limits leave no room for it. */
export function shortQuestion({ min_length = 0, max_length = Infinity, pattern }: FieldConstraints): string | undefined {
  const most = Math.min(MOST_WORDS, Math.floor((max_length - AROUND) / 2 / WORD) - 1)
  if (pattern !== undefined || most < FEWEST_WORDS || min_length > SHORTEST) return undefined
  return `([A-Z] [a-z']{0,${LONGEST_WORD - 1}} next{1,${most}} [.!] " ")? asked next{${FEWEST_WORDS},${most}} "?"`
}
