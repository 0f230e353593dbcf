import { setTimeout as sleep } from 'node:timers/promises'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { transcribeOnce } from './transcribe-once.ts'
import type { Transcriber } from './transcriber.ts'

const PIECE_MS = 50

/**
 * An utterance at the pace at which somebody speaks, as streaming STTs want it, and how long its words took from its end. One that takes
 * whole utterances gets it at once.
 */
export async function transcribeAsSpoken(
  transcriber: Transcriber,
  pcm: Int16Array,
  signal: AbortSignal,
): Promise<{ text: string; delay_ms: number }> {
  const began = performance.now()
  const measured = async (text: Promise<string>, ended: number) => ({ text: await text, delay_ms: performance.now() - ended })
  if (transcriber.mode === 'utterance') return measured(transcribeOnce(transcriber, pcm, signal), began)
  const listening = transcriber.listen({ signal, onInterim: () => {} })
  const piece = (UP_SAMPLE_RATE * PIECE_MS) / 1000
  for (let at = 0; at < pcm.length; at += piece) {
    listening.push(pcm.slice(at, at + piece))
    const due = began + ((at + piece) / UP_SAMPLE_RATE) * 1000
    await sleep(Math.max(0, due - performance.now()), undefined, { signal })
  }
  const ended = performance.now()
  return measured(listening.finish(signal), ended)
}
