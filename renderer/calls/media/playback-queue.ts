import { createSampleRing } from './sample-ring.ts'

export type PlaybackEvent = Readonly<
  | { type: 'started'; segment: number; /** Samples into the rendered block. */ offset: number }
  | { type: 'finished'; segment: number; played: number; interrupted: boolean }
>

/**
 * What the playback worklet does, without the worklet: segments are queued, played in order, and each is finished exactly once,
 * after its `flush` was played to the end or its `clear` came. Counts only samples that were really rendered.
 */
export type PlaybackQueue = Readonly<{
  push: (segment: number, pcm: Int16Array) => void
  flush: (segment: number) => readonly PlaybackEvent[]
  /** Nothing of the segment is rendered from here on. */
  clear: (segment: number) => readonly PlaybackEvent[]
  /** Fills `out` with what is due, silence where nothing is. */
  render: (out: Float32Array) => readonly PlaybackEvent[]
  /** Samples that wait. */
  queued: () => number
}>

type Segment = { readonly segment: number; waiting: number; played: number; flushed: boolean; cleared: boolean }

/** Per sample, so that a cut is 2 ms of decay and no click. */
const DECAY = 0.92
const NONE: readonly PlaybackEvent[] = []

export function createPlaybackQueue(): PlaybackQueue {
  const ring = createSampleRing()
  const segments: Segment[] = []
  let newest = -1
  let last = 0

  const find = (segment: number): Segment | undefined => {
    const known = segments.find((candidate) => candidate.segment === segment)
    if (known || segment <= newest) return known
    newest = segment
    const fresh = { segment, waiting: 0, played: 0, flushed: false, cleared: false }
    segments.push(fresh)
    return fresh
  }

  /** Drops what was cleared from the front, so that the next segment starts with the next sample. */
  const skipCleared = () => {
    while (segments[0]?.cleared) {
      ring.skip(segments[0].waiting)
      segments.shift()
    }
  }

  const finish = (head: Segment): PlaybackEvent => {
    segments.shift()
    skipCleared()
    return { type: 'finished', segment: head.segment, played: head.played, interrupted: false }
  }

  return {
    push(segment, pcm) {
      const target = find(segment)
      if (!target || target.cleared) return
      ring.write(pcm)
      target.waiting += pcm.length
    },
    flush(segment) {
      const target = find(segment)
      if (!target) return NONE
      target.flushed = true
      return target === segments[0] && target.waiting === 0 ? [finish(target)] : NONE
    },
    clear(segment) {
      const target = find(segment)
      if (!target || target.cleared) return NONE
      target.cleared = true
      skipCleared()
      return [{ type: 'finished', segment, played: target.played, interrupted: true }]
    },
    render(out) {
      const events: PlaybackEvent[] = []
      let offset = 0
      while (offset < out.length && segments[0]) {
        const head = segments[0]
        const count = Math.min(head.waiting, out.length - offset)
        if (count > 0 && head.played === 0) events.push({ type: 'started', segment: head.segment, offset })
        ring.read(out, offset, count)
        head.waiting -= count
        head.played += count
        offset += count
        if (head.waiting > 0) break
        if (!head.flushed) break
        events.push(finish(head))
      }
      if (offset > 0) last = out[offset - 1] ?? 0
      for (let index = offset; index < out.length; index++) {
        last = Math.abs(last) < 1e-4 ? 0 : last * DECAY
        out[index] = last
      }
      return events
    },
    queued: () => segments.reduce((sum, { waiting, cleared }) => sum + (cleared ? 0 : waiting), 0),
  }
}
