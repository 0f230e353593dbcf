import type { TurnTimes } from '../../../core/contract/index.ts'
import { isHeardByCaller } from '../../../core/session/heard-by-caller.ts'

export type Moment = 't0' | 't1' | 't2' | 't3' | 't4' | 't5' | 't6'
export type PartId =
  'final_transcript' | 'turn_committed' | 'first_token' | 'fields_before_speech' | 'first_tts_frame' | 'audible'

/** The parts of a turn in order; each ends at its moment. */
export const PARTS: readonly Readonly<{ id: PartId; end: Moment; label: string }>[] = [
  { id: 'final_transcript', end: 't1', label: 'final transcript' },
  { id: 'turn_committed', end: 't2', label: 'turn committed' },
  { id: 'first_token', end: 't3', label: 'first token' },
  { id: 'fields_before_speech', end: 't4', label: 'fields before speech' },
  { id: 'first_tts_frame', end: 't5', label: 'first TTS frame' },
  { id: 'audible', end: 't6', label: 'audible' },
]

export type WaterfallPart = Readonly<{
  /** More than one where a moment between is not known: then the part cannot be told apart. */
  ids: readonly PartId[]
  label: string
  /** Since the first moment, ms. */
  from_ms: number
  ms: number
  /** By how much the moment was reported before the one that it follows; the part then counts as nothing. */
  before_ms?: number
}>

export type Waterfall = Readonly<{
  /** The consecutive differences; they add up to `total_ms` exactly. */
  parts: readonly WaterfallPart[]
  total_ms: number
  /** Which moments the total spans. `t0`-`t6` is the silence that the caller heard. */
  from: Moment
  to: Moment
  /** Of t6, ms. */
  uncertainty_ms?: number
  /** The agent's sound left, and nobody told when it was heard: then the last moment is not t6. */
  unheard?: true
}>

export type WaterfallSource = 'voice' | 'text' | 'greeting' | 'resume' | 'handoff'

/** What does not apply: who typed has no transcript to wait for (t1 and t2 equal t0), and a greeting is not asked of the model. */
const LEFT_OUT: Readonly<Record<WaterfallSource, readonly Moment[]>> = {
  voice: [],
  text: ['t1', 't2'],
  resume: ['t1', 't2'],
  handoff: ['t1', 't2'],
  greeting: ['t1', 't2', 't3', 't4'],
}

const MOMENTS: readonly Moment[] = ['t0', 't1', 't2', 't3', 't4', 't5', 't6']

/** The waterfall of a turn as far as its moments are known; undefined while there are fewer than two. */
export function turnWaterfall(times: TurnTimes, source: WaterfallSource): Waterfall | undefined {
  const unheard = times.t6 !== undefined && !isHeardByCaller(times)
  const skipped: readonly Moment[] = unheard ? [...LEFT_OUT[source], 't6'] : LEFT_OUT[source]
  const known = MOMENTS.flatMap((moment) => {
    const at = times[moment]
    return at === undefined || skipped.includes(moment) ? [] : [{ moment, at }]
  })
  const first = known[0]
  const last = known.at(-1)
  if (!first || !last || first === last) return undefined

  // Moments come from different clocks and callbacks; one that is out of order must not make the parts exceed the whole.
  const end = Math.max(...known.map(({ at }) => at))
  const parts: WaterfallPart[] = []
  let previous = first
  let reached = first.at
  for (const current of known.slice(1)) {
    const at = current === last ? end : Math.min(Math.max(current.at, reached), end)
    const ids = PARTS.filter((part) => isBetween(part.end, previous.moment, current.moment) && !skipped.includes(part.end))
    parts.push({
      ids: ids.map(({ id }) => id),
      label: ids.map(({ label }) => label).join(' + '),
      from_ms: reached - first.at,
      ms: at - reached,
      ...(current.at < reached ? { before_ms: reached - current.at } : {}),
    })
    previous = current
    reached = at
  }
  const uncertainty = last.moment === 't6' ? times.t6_uncertainty_ms : undefined
  return {
    parts,
    total_ms: end - first.at,
    from: first.moment,
    to: last.moment,
    ...(uncertainty === undefined ? {} : { uncertainty_ms: uncertainty }),
    ...(unheard ? { unheard } : {}),
  }
}

const isBetween = (moment: Moment, after: Moment, until: Moment): boolean =>
  MOMENTS.indexOf(moment) > MOMENTS.indexOf(after) && MOMENTS.indexOf(moment) <= MOMENTS.indexOf(until)

/** What the total means, in words. */
export function totalLabel(
  { from, to, unheard }: Pick<Waterfall, 'from' | 'to' | 'unheard'>,
  source: WaterfallSource,
  open: boolean,
): string {
  if (unheard && to === 't5') return `${from === 't0' ? '' : `from ${labelOf(from)} `}until the first sound left the agent`
  if (source === 'greeting' && to === 't6') return 'from the start until the greeting was heard'
  if (from === 't0' && to === 't6') return 'silence heard'
  if (from === 't0' && to === 't4') return 'until the first spoken word'
  if (from === 't0') return open ? `so far, until ${labelOf(to)}` : `until ${labelOf(to)}; no answer was heard`
  return to === 't6' ? `from ${labelOf(from)} until audible` : `from ${labelOf(from)} until ${labelOf(to)}`
}

const labelOf = (moment: Moment): string => PARTS.find(({ end }) => end === moment)?.label ?? 'end of speech'

/** The median of each part over turns that have it alone, for comparison. */
export function partMedians(waterfalls: readonly Waterfall[]): ReadonlyMap<PartId, number> {
  const medians = new Map<PartId, number>()
  for (const { id } of PARTS) {
    const values = waterfalls.flatMap(({ parts }) =>
      parts.filter(({ ids }) => ids.length === 1 && ids[0] === id).map(({ ms }) => ms),
    )
    if (values.length > 0) medians.set(id, median(values))
  }
  return medians
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
