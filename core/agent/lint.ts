import { isJsonObject, type JsonObject } from '../json.ts'
import { parseAgent } from './parse-agent.ts'
import type { TextRange } from './template-variables.ts'

/** One thing that is wrong (`error`: it cannot be saved or called), risky, or could be better. */
export type LintFinding = Readonly<{
  rule: string
  severity: 'error' | 'warning' | 'info'
  /** JSON pointer into the document. */
  path: string
  message: string
  /** What to do about it. */
  hint: string
  /** Offsets in the text that `path` names. */
  range?: TextRange
}>

export function lintAgent(content: JsonObject): readonly LintFinding[] {
  const parsed = parseAgent(content)
  if (parsed.ok || !isJsonObject(content)) return []
  return parsed.problems.map(({ path, message }) => ({
    rule: 'document',
    severity: 'error',
    path,
    message,
    hint: 'Mend it, then save.',
  }))
}
