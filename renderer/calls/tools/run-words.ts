import { isJsonArray, isJsonObject, type Json } from '../../../core/json.ts'
import type { ToolRunView } from '../../../core/session/tool-run.ts'
import { formatMs } from '../format.ts'

export type RunTone = 'good' | 'warn' | 'bad' | 'plain'
/** `ok`, `answered 404`, with what it means for the call. */
export type RunState = Readonly<{ label: string; tone: RunTone; meaning: string }>

const LOST_MEANING = 'The process ended before the answer came. What it did by then is not known here.'

/** How a run ended, in a word and in a sentence. */
export function runState({ state, outcome, status }: ToolRunView): RunState {
  if (state === 'running') return { label: 'running', tone: 'plain', meaning: 'The answer is not here yet.' }
  if (outcome === undefined) return { label: 'lost', tone: 'warn', meaning: LOST_MEANING }
  switch (outcome) {
    case 'ok':
      return { label: status === undefined ? 'ok' : `ok · ${status}`, tone: 'good', meaning: 'The LLM was told the result.' }
    case 'mocked':
      return { label: 'mock', tone: 'plain', meaning: 'Nothing was run: the call answers with the tool’s mock.' }
    case 'failed':
      return {
        label: status === undefined ? 'failed' : `failed · ${status}`,
        tone: 'bad',
        meaning: 'The LLM was told so, and could tell the caller or try something else.',
      }
    case 'timeout':
      return { label: 'too late', tone: 'bad', meaning: 'It did not answer within its timeout; the LLM was told so.' }
    case 'cancelled':
      return { label: 'cancelled', tone: 'warn', meaning: 'The caller broke in, so nobody waited for the answer any more.' }
    case 'unknown':
      return {
        label: 'outcome unknown',
        tone: 'warn',
        meaning:
          'A crash came between the call and its answer: it may have had its effect, or not. It is not marked as idempotent, so it was not repeated; the LLM was told that the outcome is unknown.',
      }
  }
}

/** How long it took; nothing while it runs, and nothing when it ended in another process, whose clock is another one. */
export function runMs({ state, outcome, started_at_ms, done_at_ms }: ToolRunView): number | undefined {
  if (state !== 'done' || outcome === 'unknown' || done_at_ms === undefined || done_at_ms < started_at_ms) return undefined
  return done_at_ms - started_at_ms
}

const MOST = 60

/** `look up order 4711 · 320 ms`, as a line of the conversation. */
export function runLine(run: ToolRunView): string {
  const ms = runMs(run)
  const { label } = runState(run)
  const told = run.state === 'done' && run.outcome === 'ok' ? '' : label
  return [
    [run.tool.replaceAll('_', ' '), argumentWords(run)].filter(Boolean).join(' '),
    told,
    ms === undefined ? '' : formatMs(ms),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** The values alone: the names stand in the inspector. */
function argumentWords({ arguments: given }: ToolRunView): string {
  const words = Object.values(given).flatMap(plain).join(', ')
  return words.length > MOST ? `${words.slice(0, MOST - 1)}…` : words
}

function plain(value: Json): readonly string[] {
  if (value === null || value === '') return []
  if (isJsonArray(value)) return value.flatMap(plain)
  return isJsonObject(value) ? ['{…}'] : [String(value)]
}
