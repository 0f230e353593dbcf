import type { TextRange } from '../template-variables.ts'

/** One thing that keeps the agent from working (`error`), is likely not meant (`warning`), or could be better (`info`). */
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
