import { findSecrets } from '../secret-scan.ts'
import { estimateTokens } from '../tokens.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'

const LONG = 2500
const SPOKEN_WORDS = 60

/** Length of what the model reads and of what opens the call, and keys that do not belong in a document. */
export function promptRules(view: LintView): LintFinding[] {
  return [...promptLength(view), ...greetingLength(view), ...pastedKeys(view)]
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

const pastedKeys = ({ content }: LintView): LintFinding[] =>
  findSecrets(content).map((found) => ({
    rule: 'pasted-key',
    severity: 'error',
    ...found,
    hint: 'Keep it under Models & keys and write its reference, such as secret:openai; it is neither saved nor exported.',
  }))
