import { joinPcm } from '../../../core/join-pcm.ts'
import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import type { Metered } from '../../../core/cost/cost-part.ts'
import { transcribeOnce } from '../stt/transcribe-once.ts'
import type { Listening, Transcriber } from '../stt/transcriber.ts'
import { inOrder, type Chain, type Choice, type Fallback } from './chain.ts'
import { giveUp } from './give-up.ts'
import { createPatience, orAborted } from './patience.ts'

/** Utterances are heard before there is a turn that could keep who heard them. */
export type SttTold = Readonly<{ fellBack: (fallback: Fallback) => void; used: (part: Metered) => void }>

/** All choices as one transcriber of the first one's kind. What a failed one was given is given to the next, from its beginning. */
export function fallbackTranscriber(chain: Chain<Transcriber>, told: SttTold): Transcriber {
  const [{ port }] = chain.choices
  if (port.mode === 'utterance') {
    return {
      ...port,
      transcribe(pcm, signal, purpose) {
        // Interim text is a courtesy of a choice that is well.
        if (purpose === 'interim') return port.transcribe(pcm, signal, purpose)
        return firstTranscript(chain, inOrder(chain, told.fellBack), () => pcm, signal, told)
      },
    }
  }
  return {
    ...port,
    listen: (options) => listen(chain, options, told),
    close: () => closeAll(chain),
  }
}

/** Ends the connections that are kept open from utterance to utterance. */
export function closeAll({ choices }: Chain<Transcriber>): void {
  for (const { port } of choices) if (port.mode === 'streaming') port.close()
}

type ListenOptions = Parameters<Extract<Transcriber, { mode: 'streaming' }>['listen']>[0]

function listen(chain: Chain<Transcriber>, options: ListenOptions, told: SttTold): Listening {
  const order = inOrder(chain, told.fellBack)
  const { port } = order[0]
  const live = port.mode === 'streaming' ? port.listen(options) : undefined
  const kept: Int16Array[] = []
  return {
    push(pcm) {
      live?.push(pcm)
      kept.push(pcm)
    },
    finish: (signal) => firstTranscript(chain, order, () => joinPcm(kept), signal, told, live),
    close: () => live?.close(),
  }
}

async function firstTranscript(
  chain: Chain<Transcriber>,
  order: Chain<Transcriber>['choices'],
  audio: () => Int16Array,
  signal: AbortSignal,
  told: SttTold,
  live?: Listening,
): Promise<string> {
  for (const [index, choice] of order.entries()) {
    const next = order[index + 1]
    const began = performance.now()
    const patience = createPatience(next ? chain.after_ms : undefined)
    const stop = AbortSignal.any([signal, patience.signal])
    const listening = index === 0 ? live : undefined
    try {
      const heard = listening ? listening.finish(stop) : transcribeOnce(choice.port, audio(), stop)
      const text = await orAborted(heard, patience.signal)
      chain.circuit.worked(choice)
      told.used(usedBy(choice, audio()))
      return text
    } catch (thrown) {
      if (signal.aborted) throw thrown
      listening?.close()
      // It heard the whole utterance while it was spoken, and that is what it counts.
      if (listening) told.used(usedBy(choice, audio()))
      const cause: unknown = patience.signal.aborted ? patience.signal.reason : thrown
      const failed = giveUp(chain, { choice, next, cause, began }, told.fellBack)
      if (!next) throw failed
    } finally {
      patience.stop()
    }
  }
  return ''
}

const usedBy = ({ kind, provider, model }: Choice<Transcriber>, audio: Int16Array): Metered => ({
  kind,
  provider,
  model,
  usage: { stt_audio_ms: Math.round((audio.length * 1000) / UP_SAMPLE_RATE) },
})
