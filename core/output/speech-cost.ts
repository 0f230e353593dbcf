import type { FieldConstraints, FieldRule } from './field-rule.ts'
import { parseFieldType } from './field-type.ts'

/** Fields up to this many tokens are worth having before the speech: they steer it and cost little. */
const SHORT_FIELD = 4
/** Measured on replies to the samples with the o200k tokenizer: prose, and names such as `issue_category`. */
const CHARACTERS_PER_TOKEN = 5
const NAME_CHARACTERS_PER_TOKEN = 7.2
/** The punctuation around a field, which tokenizers mostly merge: `","` and `":"`. */
const TOKENS_AROUND = 2.3

export type SpeechCost = Readonly<{
  /** Names of the fields that the model writes before the spoken one, in the table's order. */
  fields_before: readonly string[]
  /** Estimated tokens until the first character of the spoken field. */
  tokens_before: number
  /** The names in the order that speaks soonest: short fields, voice style, spoken, the rest. */
  best_order: readonly string[]
  /** What that order saves; 0 when the present one is as good. */
  tokens_saved: number
}>

/** What the table's order costs before the agent can speak. Estimates: a value's usual length, not its longest. `steering`: what the voice is told. */
export function speechCost(
  fields: readonly FieldRule[],
  spoken_field: string,
  steering: readonly string[] = ['voice_instructions'],
): SpeechCost {
  const names = fields.map((field) => field.field_name)
  const spoken = fields.find((field) => field.field_name === spoken_field)
  if (!spoken) return { fields_before: [], tokens_before: 0, best_order: names, tokens_saved: 0 }
  const at = fields.indexOf(spoken)
  const before = fields.slice(0, at)
  const isStyle = (field: FieldRule) => steering.includes(field.field_name)
  // A short field that stands after the speech already costs nothing: it stays there.
  const short = before.filter((field) => !isStyle(field) && valueTokens(field) <= SHORT_FIELD)
  const style = fields.filter((field) => isStyle(field) && field !== spoken)
  const first = [...short, ...style, spoken]
  const best = [...first, ...fields.filter((field) => !first.includes(field))]
  const tokens_before = leadTokens(before, spoken)
  const tokens_saved = Math.max(0, tokens_before - leadTokens([...short, ...style], spoken))
  return {
    fields_before: before.map((field) => field.field_name),
    tokens_before,
    best_order: best.map((field) => field.field_name),
    tokens_saved,
  }
}

/** `{"a": 1, "b": "…", "spoken": "` */
const leadTokens = (before: readonly FieldRule[], spoken: FieldRule): number =>
  Math.round(before.reduce((sum, field) => sum + keyTokens(field) + valueTokens(field), keyTokens(spoken)))

const keyTokens = (field: FieldRule): number => TOKENS_AROUND + nameTokens(field.field_name)

const nameTokens = (name: string): number => name.length / NAME_CHARACTERS_PER_TOKEN
const textTokens = (characters: number): number => characters / CHARACTERS_PER_TOKEN

function valueTokens({ field_type, constraints }: FieldRule): number {
  const parsed = parseFieldType(field_type)
  if (!parsed.ok) return 1
  switch (parsed.type.kind) {
    case 'bool':
    case 'int':
      return 1
    case 'float':
      return 3
    case 'literal':
      return Math.max(...parsed.type.values.map(nameTokens))
    case 'str':
      return textTokens(usualLength(constraints, 120))
    case 'list':
      return 1 + usualItems(constraints) * (parsed.type.item === 'int' ? 2 : 1 + textTokens(usualLength(constraints, 40)))
  }
}

/** Models seldom fill a limit: a third of it, and not more than `usual`. */
const usualLength = ({ min_length = 0, max_length }: FieldConstraints, usual: number): number =>
  Math.max(min_length, max_length === undefined ? usual : Math.min(usual, max_length / 3))

const usualItems = ({ min_items = 0, max_items }: FieldConstraints): number =>
  Math.max(min_items, max_items === undefined ? 2 : Math.min(2, max_items / 2))
