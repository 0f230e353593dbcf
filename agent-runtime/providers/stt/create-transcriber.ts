import { sttProviderId, sttProviders, type SttProviderId } from '../../../core/providers/index.ts'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { engineFor } from '../engine-for.ts'
import { createOpenAiTranscriber } from './openai-transcriber.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Transcriber } from './transcriber.ts'

const createStt: { readonly [Id in SttProviderId]: (scope: ProviderScope) => Transcriber } = {
  builtin: (scope) => {
    const { name, models } = sttProviders.builtin
    const { language, model } = scope.document.stt_config
    const engine = engineFor(scope, 'builtin', name)
    const known = models.some(({ id }) => id === model) ? model : undefined
    return {
      eager: true,
      transcribe: (pcm, signal, purpose) =>
        engine.transcribe(pcm, { language, model: known ?? '', interim: purpose === 'interim', signal }),
      context: { kind: 'stt', name },
    }
  },
  rehearsal: ({ script, notice }) => ({
    eager: false,
    async transcribe(pcm) {
      const line = script.next()
      if (line !== undefined) return line
      notice(
        'Rehearsal hears that you speak but does not understand words. Type what you say, or get the built-in speech in Models & keys.',
        'info',
      )
      return `[${(pcm.length / UP_SAMPLE_RATE).toFixed(1)} s of speech]`
    },
    context: { kind: 'stt', name: sttProviders.rehearsal.name },
  }),
  'openai-compatible': createOpenAiTranscriber,
}

/** The STT that the document names. Throws StudioError for a provider that this build does not have. */
export function createTranscriber(scope: ProviderScope): Transcriber {
  const { provider } = scope.document.stt_config
  const id = sttProviderId(provider)
  if (id) return createStt[id](scope)
  const known = Object.keys(createStt).join(', ')
  throw new StudioError('unsupported', `There is no STT provider "${provider}"`, `Choose one of: ${known}.`)
}
