import type { Transcriber } from './transcriber.ts'

/** A whole utterance at once, whichever way the transcriber hears: for second choices. */
export async function transcribeOnce(transcriber: Transcriber, pcm: Int16Array, signal: AbortSignal): Promise<string> {
  if (transcriber.mode === 'utterance') return transcriber.transcribe(pcm, signal, 'final')
  const listening = transcriber.listen({ signal, onInterim: () => {} })
  listening.push(pcm)
  return listening.finish(signal)
}
