import { ttsProviderId, ttsProviders, type TtsProviderId } from '../../../core/providers/index.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { engineFor } from '../engine-for.ts'
import { createOpenAiVoice } from './openai-voice.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Voice } from './voice.ts'

const createTts: { readonly [Id in TtsProviderId]: (scope: ProviderScope) => Voice } = {
  builtin: (scope) => {
    const { voices } = ttsProviders.builtin
    const wanted = scope.document.tts_config.voice_id
    return engineVoice(scope, 'builtin', voices.some(({ value }) => value === wanted) ? wanted : undefined)
  },
  'espeak-ng': (scope) => {
    const wanted = scope.document.tts_config.voice_id ?? ''
    // A voice of another provider may still stand in the document: espeak's own are language tags.
    return engineVoice(scope, 'espeak-ng', /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(wanted) ? wanted : undefined)
  },
  'openai-compatible': createOpenAiVoice,
}

/** The TTS that the document names. Throws StudioError for a provider that this build does not have. */
export function createVoice(scope: ProviderScope): Voice {
  const { provider } = scope.document.tts_config
  const id = ttsProviderId(provider)
  if (id) return createTts[id](scope)
  const known = Object.keys(createTts).join(', ')
  throw new StudioError('unsupported', `There is no TTS provider "${provider}"`, `Choose one of: ${known}.`)
}

function engineVoice(scope: ProviderScope, id: 'builtin' | 'espeak-ng', voice = ''): Voice {
  const { name } = ttsProviders[id]
  const engine = engineFor(scope, id === 'builtin' ? 'builtin' : 'espeak', name)
  const speed = scope.document.tts_config.speed ?? 1
  return {
    steerable: false,
    speak: (text, { signal }) => engine.synthesize(text, { voice, speed, signal }),
    context: { kind: 'tts', name },
  }
}
