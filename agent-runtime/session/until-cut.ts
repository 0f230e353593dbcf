import { ReadableStream } from 'node:stream/web'

/**
 * The stream, ended at once when `cut` is aborted, its source let go. The session's library waits for the nodes of an interrupted
 * reply, up to four seconds, and not all of its own streams end by themselves.
 */
export function untilCut<Piece>(source: ReadableStream<Piece> | AsyncIterable<Piece>, cut: AbortSignal): ReadableStream<Piece> {
  const reader = (source instanceof ReadableStream ? source : ReadableStream.from(source)).getReader()
  const letGo = () => void reader.cancel().catch(() => {})
  cut.addEventListener('abort', letGo, { once: true })
  return new ReadableStream<Piece>({
    async pull(controller) {
      const { done, value } = cut.aborted ? { done: true, value: undefined } : await reader.read()
      if (done || value === undefined || cut.aborted) {
        cut.removeEventListener('abort', letGo)
        controller.close()
      } else controller.enqueue(value)
    },
    cancel: letGo,
  })
}
