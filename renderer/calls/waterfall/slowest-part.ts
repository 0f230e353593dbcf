import { formatMs } from '../format.ts'
import type { ToolBar } from './tool-bars.ts'
import type { PartId, Waterfall } from './turn-waterfall.ts'

/** What each part is, and what shortens it. */
export const PART_MEANING: Readonly<Record<PartId, Readonly<{ what: string; shorten: string }>>> = {
  final_transcript: {
    what: 'From the end of speech until speech-to-text gave its final words: silence that the VAD waits for, then recognition.',
    shorten: 'A shorter VAD silence or a faster speech-to-text shortens it.',
  },
  turn_committed: {
    what: 'From the final transcript until the turn counts as over: the end-of-turn model and the least endpointing delay.',
    shorten: 'A smaller endpointing delay shortens it, at the price of cutting people off.',
  },
  first_token: {
    what: 'From the end of the turn until the language model wrote its first token.',
    shorten: 'A model with a faster first token or a shorter prompt shortens it.',
  },
  fields_before_speech: {
    what: 'From the first token until the first character of the spoken field: all that the model writes before it speaks.',
    shorten: 'Moving fields behind the spoken one in the output table shortens it.',
  },
  first_tts_frame: {
    what: 'From the first spoken character until text-to-speech gave its first sound.',
    shorten: 'A voice that starts sooner, or a short first sentence, shortens it.',
  },
  audible: {
    what: 'From the first sound at the session until it is heard: the way to the page (through a room: the server and the buffer that evens out its network), and the audio output.',
    shorten: 'A server nearer to the caller (in a room), or a wired headset instead of Bluetooth, shortens it.',
  },
}

export type Slowest = Readonly<{ label: string; ms: number; share: number; more_than_usual_ms?: number; advice: string }>

/** Below this a part is not worth a word. */
const NOTABLE_MS = 30

/** The part that took most of the silence, how far that is from this call's usual, and what to do about it. */
export function slowestPart(
  { parts, total_ms }: Waterfall,
  medians: ReadonlyMap<PartId, number>,
  tools: readonly ToolBar[] = [],
): Slowest | undefined {
  const first = parts[0]
  if (!first || total_ms <= 0) return undefined
  const slowest = parts.reduce((most, part) => (part.ms > most.ms ? part : most), first)
  if (slowest.ms < NOTABLE_MS) return undefined
  const [only, ...others] = slowest.ids
  const usual = only && others.length === 0 ? medians.get(only) : undefined
  const more = usual === undefined ? 0 : slowest.ms - usual
  return {
    label: slowest.label,
    ms: slowest.ms,
    share: slowest.ms / total_ms,
    ...(more >= NOTABLE_MS ? { more_than_usual_ms: more } : {}),
    advice: toolAdvice(slowest, tools) ?? (only ? PART_MEANING[only].shorten : ''),
  }
}

/** A part in which a tool ran is not shortened by what shortens it otherwise. */
function toolAdvice({ from_ms, ms }: Waterfall['parts'][number], tools: readonly ToolBar[]): string | undefined {
  const within = tools.filter((bar) => bar.from_ms >= from_ms && bar.from_ms < from_ms + ms)
  if (within.length === 0) return undefined
  const ran = within.map(({ tool, shown_ms }) => `${tool} (${formatMs(shown_ms)})`).join(', ')
  return `In it ran ${ran}, and the LLM was asked again with what came back. A quicker tool, or a filler sentence sooner, shortens it.`
}
