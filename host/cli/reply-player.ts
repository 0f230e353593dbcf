import { joinPcm } from '../../core/join-pcm.ts'
import { DOWN_SAMPLE_RATE, type MediaDown, type MediaUp } from '../../core/contract/media.ts'

type Segment = { readonly queue: Int16Array[]; played: number; isFlushed: boolean }

/**
 * The loudspeaker of a caller without ears: it "plays" the agent's audio in real time, tells the session what was played, and keeps it.
 * Every segment is answered exactly once, at its end or when it is cleared.
 */
export type ReplyPlayer = Readonly<{
  receive: (message: Buffer) => void
  command: (message: Exclude<MediaDown, { type: 'pong' }>) => void
  /** Plays on to `now`, ms. */
  tick: (now: number) => void
  /** All that was heard, without the silence between. */
  heard: () => Int16Array
}>

const SAMPLES_PER_MS = DOWN_SAMPLE_RATE / 1000

export function createReplyPlayer(send: (message: MediaUp) => void): ReplyPlayer {
  const segments = new Map<number, Segment>()
  const answered = new Set<number>()
  const heard: Int16Array[] = []
  let playedUntil: number | undefined

  const segmentOf = (number: number): Segment => {
    const segment = segments.get(number) ?? { queue: [], played: 0, isFlushed: false }
    segments.set(number, segment)
    return segment
  }
  const finish = (number: number, interrupted: boolean): void => {
    const played = segments.get(number)?.played ?? 0
    segments.delete(number)
    answered.add(number)
    send({ type: 'finished', segment: number, position_ms: played / SAMPLES_PER_MS, interrupted })
  }
  const play = (number: number, segment: Segment, budget: number, now: number): number => {
    let left = budget
    while (left > 0 && segment.queue[0]) {
      if (segment.played === 0) send({ type: 'started', segment: number, at: now })
      const part = segment.queue[0].subarray(0, left)
      if (part.length === segment.queue[0].length) segment.queue.shift()
      else segment.queue[0] = segment.queue[0].subarray(left)
      heard.push(part)
      segment.played += part.length
      left -= part.length
    }
    return left
  }

  return {
    receive: (message) => {
      const number = message.readUInt32LE(0)
      if (answered.has(number) || message.length < 6) return
      // A copy: what a WebSocket gives lies at any byte of a larger buffer.
      segmentOf(number).queue.push(
        new Int16Array(new Uint8Array(message.subarray(4, message.length - (message.length % 2))).buffer),
      )
    },
    command: ({ type, segment: number }) => {
      if (answered.has(number)) return
      if (type === 'clear') finish(number, true)
      else segmentOf(number).isFlushed = true
    },
    tick: (now) => {
      let budget = Math.floor((now - (playedUntil ?? now)) * SAMPLES_PER_MS)
      playedUntil = (playedUntil ?? now) + budget / SAMPLES_PER_MS
      for (const [number, segment] of segments) {
        budget = play(number, segment, budget, now)
        if (segment.queue.length > 0 || !segment.isFlushed) return
        finish(number, false)
      }
    },
    heard: () => joinPcm(heard),
  }
}
