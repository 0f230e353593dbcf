import type { ErrorBody } from '../../../core/contract/errors.ts'
import type { ToolTry } from '../../../core/contract/index.ts'

/** A trial of the open tool. `refused`: it could not even be begun. */
export type TryState =
  | Readonly<{ phase: 'idle' }>
  | Readonly<{ phase: 'running' }>
  | Readonly<{ phase: 'done'; tried: ToolTry }>
  | Readonly<{ phase: 'refused'; error: ErrorBody }>

const WORDS: Readonly<Record<ToolTry['outcome'], string>> = { ok: 'It works', failed: 'It failed', timeout: 'It took too long' }

/** `It works · 200`, as the headline of a result. */
export const triedWords = ({ outcome, status }: ToolTry): string =>
  [WORDS[outcome], status === undefined ? '' : String(status)].filter(Boolean).join(' · ')

/** What the LLM would be told, as text. */
export const triedText = ({ result }: ToolTry): string =>
  typeof result === 'string' ? result : result === undefined ? '' : JSON.stringify(result, null, 2)
