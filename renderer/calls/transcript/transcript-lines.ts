import { runLine } from '../tools/run-words.ts'
import { gapText, recoveryOf, recoveryWords } from '../cards/recovery-words.ts'
import { fallbackWords } from './fallback-words.ts'
import type { TurnId } from '../../../core/contract/index.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import type { ToolRunView } from '../../../core/session/tool-run.ts'

export type TranscriptLine = Readonly<{ key: string; turn_id?: TurnId; index?: number }> &
  Readonly<
    | { who: 'caller'; text: string; interim: boolean; typed: boolean; took_ms?: number }
    | {
        who: 'agent'
        /** What was really spoken. */
        spoken: string
        /** Written but not heard: still to come while the turn is open, cut off when it was interrupted. */
        rest: string
        state: 'speaking' | 'said' | 'cut' | 'lost'
        /** How long it spoke before it was cut. */
        cut_after_ms?: number
      }
    /** `tool`: the line of a run. */
    | { who: 'studio'; text: string; tool?: 'running' | 'over' }
  >

/** What a revision says about speech: its spoken field, and its greeting when that is known word for word. */
export type SpokenText = Readonly<{ field: string; greeting?: string }>

/** Another agent that went on, as it is told; `before`: the first turn that it answered. */
export type SwitchLine = Readonly<{ key: string; text: string; before?: TurnId | undefined }>

/** The conversation as it was really heard. */
export function transcriptLines(
  view: SessionView,
  spoken: (turn: TurnView) => SpokenText,
  switches: readonly SwitchLine[] = [],
): readonly TranscriptLine[] {
  const told = ({ key, text }: SwitchLine): TranscriptLine => ({ key, who: 'studio', text })
  const lines = [
    ...view.turns.flatMap((turn) => [
      ...switches.filter(({ before }) => before === turn.turn_id).map(told),
      ...turnLines(view, turn, spoken(turn)),
    ]),
    ...switches.filter(({ before }) => before === undefined).map(told),
  ]
  return view.interim === ''
    ? lines
    : [...lines, { key: 'interim', who: 'caller', text: view.interim, interim: true, typed: false }]
}

function turnLines(view: SessionView, turn: TurnView, text: SpokenText): readonly TranscriptLine[] {
  const of = { turn_id: turn.turn_id, index: turn.index }
  const lines: TranscriptLine[] = []
  if (turn.source === 'resume' && !isToldAlready(view, turn))
    lines.push({ ...of, key: `${turn.turn_id}-resume`, who: 'studio', text: resumeText(view, turn) })
  if (turn.heard !== undefined) {
    const took_ms = speechLength(view, turn)
    lines.push({
      ...of,
      key: `${turn.turn_id}-caller`,
      who: 'caller',
      text: turn.heard,
      interim: false,
      typed: turn.source === 'text',
      ...(took_ms === undefined ? {} : { took_ms }),
    })
  }
  for (const [index, fallback] of (turn.fallbacks ?? []).entries())
    lines.push({ ...of, key: `${turn.turn_id}-fallback-${index}`, who: 'studio', text: fallbackWords(fallback) })
  lines.push(...(turn.tools ?? []).flatMap((run) => runLines(turn, run)))
  const written = writtenSpeech(turn, text)
  if (turn.spoken !== '' || written !== '') lines.push(agentLine(view, turn, written))
  return lines
}

/** It apologised in the turn before, and now answers what was left open: one break, told once. */
const isToldAlready = ({ turns }: SessionView, turn: TurnView): boolean => {
  const before = turns[turns.indexOf(turn) - 1]
  return before?.source === 'resume' && before.attempt === turn.attempt
}

/** Why the agent begins anew, and how long it was away. */
function resumeText(view: SessionView, { attempt }: TurnView): string {
  const event = recoveryOf(view, attempt)
  return event
    ? `${recoveryWords(event).title}; back after ${gapText(event.gap_ms)}.`
    : 'The agent was replaced and goes on from here.'
}

/** What it did, and what it said meanwhile unless that stands in the reply. */
function runLines({ turn_id, index, spoken }: TurnView, run: ToolRunView): readonly TranscriptLine[] {
  const of = { turn_id, index }
  const key = `${turn_id}-tool-${run.call_id}`
  const { filler } = run
  const said: TranscriptLine[] =
    filler === undefined || isSaid(filler, spoken)
      ? []
      : [{ ...of, key: `${key}-filler`, who: 'agent', spoken: filler, rest: '', state: 'said' }]
  return [...said, { ...of, key, who: 'studio', text: runLine(run), tool: run.state === 'running' ? 'running' : 'over' }]
}

/** What is heard grows word by word: from its first one on, the sentence stands there. */
const isSaid = (filler: string, spoken: string): boolean =>
  spoken.trim() !== '' && (spoken.includes(filler) || filler.startsWith(spoken.trim()))

/** What was heard of the reply itself. */
const withoutFillers = ({ tools = [], spoken }: TurnView): string =>
  tools.reduce((text, { filler = '' }) => (filler.startsWith(text.trim()) ? '' : text.replace(filler, '')), spoken)

function agentLine(view: SessionView, turn: TurnView, written: string): TranscriptLine {
  const of = {
    turn_id: turn.turn_id,
    index: turn.index,
    key: `${turn.turn_id}-agent`,
    who: 'agent' as const,
    spoken: turn.spoken,
  }
  const rest = unspoken(written, withoutFillers(turn))
  if (turn.state === 'open') return { ...of, rest, state: 'speaking' }
  if (turn.state === 'lost') return { ...of, rest, state: 'lost' }
  if (!turn.interrupted) return { ...of, rest: '', state: 'said' }
  const committed = view.events.findLast((event) => event.type === 'turn.committed' && event.turn_id === turn.turn_id)
  const began = turn.times.t6 ?? turn.times.t5
  const cut_after_ms = committed && began !== undefined ? committed.at_ms - began : undefined
  return { ...of, rest, state: 'cut', ...(cut_after_ms === undefined || cut_after_ms < 0 ? {} : { cut_after_ms }) }
}

/** The spoken field as the model wrote it; a greeting has no output and stands in the agent. */
function writtenSpeech(turn: TurnView, { field, greeting = '' }: SpokenText): string {
  if (turn.source === 'greeting') return greeting
  const value = turn.output?.[field]
  if (typeof value === 'string') return value
  return turn.fields.find(({ name }) => name === field)?.text ?? ''
}

/** What of `written` does not stand in `spoken` yet; the synchroniser may have changed spaces, so that only other characters count. */
export function unspoken(written: string, spoken: string): string {
  let at = 0
  for (const character of spoken) {
    if (/\s/.test(character)) continue
    let here = at
    while (here < written.length && /\s/.test(written[here] ?? '')) here += 1
    if (!written.startsWith(character, here)) break
    at = here + character.length
  }
  return written.slice(at)
}

/** From the last time that the caller began to speak until the end of that speech. */
function speechLength(view: SessionView, turn: TurnView): number | undefined {
  const { t0 } = turn.times
  if (t0 === undefined || turn.source !== 'voice') return undefined
  const began = view.events.findLast(
    (event) => event.type === 'user.state' && event.state === 'speaking' && event.attempt === turn.attempt && event.at_ms < t0,
  )
  return began && t0 - began.at_ms > 0 ? t0 - began.at_ms : undefined
}
