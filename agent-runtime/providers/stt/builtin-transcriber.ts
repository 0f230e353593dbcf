import { sttProviders } from '../../../core/providers/index.ts'
import { engineFor } from '../engine-for.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { Transcriber } from './transcriber.ts'

/** A model on this machine; costs nothing but time. */
export function createBuiltinTranscriber(scope: ProviderScope): Transcriber {
  const { name, models } = sttProviders.builtin
  const { language, model } = scope.document.stt_config
  const engine = engineFor(scope, 'builtin', name)
  const known = models.some(({ id }) => id === model) ? model : undefined
  return {
    mode: 'utterance',
    eager: true,
    transcribe: (pcm, signal, purpose) =>
      engine.transcribe(pcm, { language, model: known ?? '', interim: purpose === 'interim', signal }),
    context: { kind: 'stt', name },
  }
}
