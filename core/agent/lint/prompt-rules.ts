import { isJsonArray, isJsonObject, type Json } from '../../json.ts'
import { estimateTokens } from '../tokens.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'

const LONG = 2500
const SPOKEN_WORDS = 60
/** Keys of well-known services by their shape. */
const KEY =
  /\b(?:sk-[A-Za-z0-9_-]{16,}|gsk_[A-Za-z0-9]{16,}|xox[abp]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|ghp_[A-Za-z0-9]{30,}|eyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,})/

/** Length of what the model reads and of what opens the call, and keys that do not belong in a document. */
export function promptRules(view: LintView): LintFinding[] {
  return [...promptLength(view), ...greetingLength(view), ...pastedKeys(view.content, '')]
}

function promptLength({ instructions }: LintView): LintFinding[] {
  const tokens = estimateTokens(instructions)
  if (tokens <= LONG) return []
  const message = `the prompt has about ${tokens} tokens: the model reads all of them before every reply`
  const hint = `Long prompts cost time and money each turn, and rules get lost in them; up to ${LONG} works well.`
  return [{ rule: 'prompt-length', severity: 'warning', path: '/prompt_config/instructions', message, hint }]
}

function greetingLength({ greeting }: LintView): LintFinding[] {
  const words = greeting.split(/\s+/).filter(Boolean).length
  if (words <= SPOKEN_WORDS) return []
  const message = `the greeting has ${words} words: about ${Math.round(words / 2.5)} seconds before the caller can speak`
  return [
    {
      rule: 'greeting-length',
      severity: 'info',
      path: '/prompt_config/greeting',
      message,
      hint: 'One or two sentences and a question.',
    },
  ]
}

function pastedKeys(value: Json, path: string): LintFinding[] {
  if (isJsonArray(value)) return value.flatMap((item, index) => pastedKeys(item, `${path}/${index}`))
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      pastedKeys(item, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    )
  }
  const found = typeof value === 'string' ? KEY.exec(value) : null
  if (!found) return []
  const range = { start: found.index, end: found.index + found[0].length }
  const message = `this looks like a key (${found[0].slice(0, 6)}…): documents are exported and shared`
  return [
    {
      rule: 'pasted-key',
      severity: 'error',
      path,
      message,
      hint: 'Keep it under Models & keys and write its reference, such as secret:openai.',
      range,
    },
  ]
}
