import { setTimeout as sleep } from 'node:timers/promises'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { speechPreset, sttPresets, sttProviders } from '../../../core/providers/index.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createBuiltinTranscriber } from '../stt/builtin-transcriber.ts'
import { transcribeOnce } from '../stt/transcribe-once.ts'
import type { Transcriber } from '../stt/transcriber.ts'
import { seededRandom, seedOf, skewedDelay } from './seeded-random.ts'

/**
 * Takes as long after the end of speech as a known STT. What counts as said is the next line of the script; without one, what the
 * built-in STT hears, where it runs; else only how long it was.
 */
export function createRehearsalTranscriber(scope: ProviderScope): Transcriber {
  const { document, seed, script, notice } = scope
  const preset = speechPreset(sttPresets, document.stt_config.model)
  const builtin = scope.engines.builtin ? createBuiltinTranscriber(asBuiltin(scope)) : undefined
  const hear = async (pcm: Int16Array, signal: AbortSignal): Promise<string> => {
    if (builtin) return transcribeOnce(builtin, pcm, signal)
    notice(
      'Rehearsal hears that you speak but does not understand words. Type what you say, or get the built-in speech in Models & keys.',
      'info',
    )
    return `[${(pcm.length / UP_SAMPLE_RATE).toFixed(1)} s of speech]`
  }
  return {
    mode: 'utterance',
    // Asked early, its own work hides behind the pace that it keeps.
    eager: builtin !== undefined,
    async transcribe(pcm, signal, purpose) {
      if (purpose === 'interim') return ''
      const delay = skewedDelay(seededRandom(seedOf(seed, String(pcm.length))), preset.p50_ms, preset.p95_ms)
      const due = performance.now() - silenceAtEnd(pcm) + delay
      const heard = script.any() ? undefined : hear(pcm, signal)
      heard?.catch(() => {})
      const left = due - performance.now()
      if (left > 0) await sleep(left, undefined, { signal })
      return heard ?? script.next() ?? hear(pcm, signal)
    },
    context: { kind: 'stt', name: sttProviders.rehearsal.name, model: preset.id },
  }
}

/** Its own model is a pace; the built-in one takes whatever is there. */
function asBuiltin(scope: ProviderScope): ProviderScope {
  const { model: _pace, ...kept } = scope.document.stt_config
  return { ...scope, document: { ...scope.document, stt_config: { ...kept, provider: 'builtin' } } }
}

const WINDOW = UP_SAMPLE_RATE / 50

/** How long ago the caller fell silent, ms: what is much quieter than the loudest moment. */
function silenceAtEnd(pcm: Int16Array): number {
  const loudness: number[] = []
  for (let at = 0; at + WINDOW <= pcm.length; at += WINDOW)
    loudness.push(pcm.subarray(at, at + WINDOW).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0))
  const loudest = Math.max(0, ...loudness)
  const last = loudness.findLastIndex((one) => one > loudest / 10)
  return ((loudness.length - 1 - last) * WINDOW * 1000) / UP_SAMPLE_RATE
}
