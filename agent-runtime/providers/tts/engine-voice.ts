import { listProviders, ttsProviders } from '../../../core/providers/index.ts'
import { engineFor } from '../engine-for.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Voice } from './voice.ts'

type Chosen = Readonly<{ model?: string; voice: string }>

/** The built-in voices: a model that is one voice, or a model and a voice inside it. */
export const createBuiltinVoice = (scope: ProviderScope): Voice => {
  const { model, voice_id = '' } = scope.document.tts_config
  return engineVoice(scope, 'builtin', { voice: isForeign(voice_id) ? '' : voice_id, ...(model === undefined ? {} : { model }) })
}

/** Whose voices can be built in as well. */
const RELATED: readonly string[] = ['builtin', 'kokoro', 'piper']

/** A voice of the provider that stood in the document before. */
const isForeign = (voice: string): boolean =>
  listProviders('tts').some(({ id, voices }) => !RELATED.includes(id) && voices.some(({ value }) => value === voice))

export const createEspeakVoice = (scope: ProviderScope): Voice => {
  const { voice_id = '' } = scope.document.tts_config
  // A voice of another provider may still stand in the document: espeak's own are language tags.
  return engineVoice(scope, 'espeak-ng', { voice: /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(voice_id) ? voice_id : '' })
}

function engineVoice(scope: ProviderScope, id: 'builtin' | 'espeak-ng', chosen: Chosen): Voice {
  const { name } = ttsProviders[id]
  const engine = engineFor(scope, id === 'builtin' ? 'builtin' : 'espeak', name)
  const speed = scope.document.tts_config.speed ?? 1
  return {
    steerable: false,
    speak: (text, { signal }) => engine.synthesize(text, { ...chosen, speed, signal }),
    context: { kind: 'tts', name, model: chosen.model },
  }
}
