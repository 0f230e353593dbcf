import { isJsonArray, type Json } from '../json.ts'
import { own, type SourceFacts } from './caller-facts.ts'
import type { AttributeRule } from './routing-config.ts'
import { unmatched, type RuleContext, type Verdict } from './rule-context.ts'
import { quoted, SOURCE_WORDS } from './source-words.ts'

/** What is known of the caller: keys of metadata, of `user_details` in it, and LiveKit's attributes. */
export function attributeRule(context: RuleContext): Verdict {
  const { withAttributes } = context.book
  if (withAttributes.length === 0) return { result: 'no_match', reason: 'No agent asks for attributes.' }
  for (const facts of context.facts) {
    for (const agent of withAttributes) {
      const rule = agent.attributes.find((one) => matches(one, facts))
      if (rule) return { result: 'matched', agent, source: facts.source, reason: reasonOf(rule, facts) }
    }
  }
  return unmatched(context, [], 'Nothing that is known of the caller leads to an agent.', true)
}

function matches({ key, equals }: AttributeRule, facts: SourceFacts): boolean {
  const texts = textsOf(valueOf(key, facts))
  if (equals === undefined) return texts.some(isYes)
  return equals.some((wanted) => texts.includes(fold(String(wanted))))
}

const valueOf = (key: string, { values, details }: SourceFacts): Json | undefined => own(values, key) ?? own(details, key)

/** Of a list each item counts; objects say nothing. */
function textsOf(value: Json | undefined): readonly string[] {
  if (isJsonArray(value)) return value.flatMap((item) => (isJsonArray(item) ? [] : textsOf(item)))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [fold(String(value))] : []
}

const fold = (text: string): string => text.trim().normalize('NFC').toLowerCase()

/** Attributes are text, so that "false" is what a frontend writes for no. */
const isYes = (text: string): boolean => !['', 'false', 'no', '0'].includes(text)

function reasonOf({ key, equals }: AttributeRule, facts: SourceFacts): string {
  const value = valueOf(key, facts)
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const what = equals === undefined ? `${quoted(key)} is there` : `${quoted(key)} is ${quoted(shown)}`
  return `${what} in ${SOURCE_WORDS[facts.source]}.`
}
