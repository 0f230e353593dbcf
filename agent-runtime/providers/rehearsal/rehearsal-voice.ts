import { setTimeout as sleep } from 'node:timers/promises'
import { speechPreset, ttsPresets, ttsProviders } from '../../../core/providers/index.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createEspeakVoice } from '../tts/engine-voice.ts'
import type { Voice } from '../tts/voice.ts'
import { seededRandom, seedOf, skewedDelay } from './seeded-random.ts'

/** A robot's voice, at the first-sound time of a known one. */
export function createRehearsalVoice(scope: ProviderScope): Voice {
  const { tts_config, stt_config } = scope.document
  const preset = speechPreset(ttsPresets, tts_config.model)
  // Voices of the provider whose place it takes mean nothing here; the language of the call does.
  const voice_id = stt_config.language === 'en' ? 'en-us' : stt_config.language
  const espeak = createEspeakVoice({ ...scope, document: { ...scope.document, tts_config: { ...tts_config, voice_id } } })
  return {
    steerable: false,
    async *speak(text, options) {
      if (text.trim() === '') return
      const asked = performance.now()
      const delay = skewedDelay(seededRandom(seedOf(scope.seed, text)), preset.p50_ms, preset.p95_ms)
      for await (const chunk of espeak.speak(text, options)) {
        const left = asked + delay - performance.now()
        if (left > 0) await sleep(left, undefined, { signal: options.signal })
        yield chunk
      }
    },
    context: { kind: 'tts', name: ttsProviders.rehearsal.name, model: preset.id },
  }
}
