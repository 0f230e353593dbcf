import { sttProviders } from '../../../core/providers/index.ts'
import type { EngineClient } from '../../engines/engine-client.ts'
import { createRecording } from '../../engines/recording.ts'
import { engineFor } from '../engine-for.ts'
import type { ProviderFailureContext } from '../provider-failure.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { StreamingTranscriber, Transcriber } from './transcriber.ts'
import { wantedWithin } from './wanted-within.ts'

type Asked = Readonly<{ language: string; model: string }>

/** A model on this machine; costs nothing but time. */
export function createBuiltinTranscriber(scope: ProviderScope): Transcriber {
  const { name } = sttProviders.builtin
  const { language, model = '' } = scope.document.stt_config
  const engine = engineFor(scope, 'builtin', name)
  const context: ProviderFailureContext = { kind: 'stt', name, model }
  const streaming = scope.engines.streaming?.some((id) => id === model || id.slice(id.indexOf('-') + 1) === model) ?? false
  if (streaming) return createStreaming(engine, { language, model }, context)
  return {
    mode: 'utterance',
    eager: true,
    transcribe: (pcm, signal, purpose) => engine.transcribe(pcm, { language, model, interim: purpose === 'interim', signal }),
    context,
  }
}

function createStreaming(engine: EngineClient, asked: Asked, context: ProviderFailureContext): StreamingTranscriber {
  return {
    mode: 'streaming',
    listen({ signal, onInterim }) {
      const recording = createRecording()
      const stop = new AbortController()
      const text = engine.listen(recording, { ...asked, onInterim, signal: AbortSignal.any([signal, stop.signal]) })
      // Whoever wants the text handles its failure.
      text.catch(() => {})
      return {
        push: recording.push,
        finish(within) {
          recording.end()
          return wantedWithin(text, within, stop)
        },
        close: () => stop.abort(),
      }
    },
    // The engine's connection belongs to the call.
    close: () => {},
    context,
  }
}
