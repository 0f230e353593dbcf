import type { Socket } from 'node:net'
import type { MediaUp } from '../../../core/contract/media.ts'
import type { CallerListener, HeardMark, LineListener, VoiceLine } from '../voice-line.ts'
import { createMediaLink } from './media-link.ts'
import { Microphone } from '../microphone.ts'
import { createPageClock } from './page-clock.ts'
import { Speaker } from './speaker.ts'

/** How long the agent waits for the page to come, and to come back after a reload. */
const FIRST_PAGE_MS = 30_000
const PAGE_BACK_MS = 10_000

export type PageLine = VoiceLine &
  Readonly<{ attach: (headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket) => void }>

/** The line of a direct call: the page's audio WebSocket. */
export function openPageLine(clock: () => number, caller: CallerListener, { onSegment, onMuted }: LineListener): PageLine {
  const waiting = createPatience(() => caller.onLost('page_closed'))
  const microphone = new Microphone()
  const segments = new Map<number, HeardMark>()
  let pageClock = createPageClock(clock)
  const link = createMediaLink({
    onAudio: (pcm) => microphone.push(pcm),
    onMessage: (message) => receive(message),
    onOpen() {
      waiting.stop()
      // What was measured with the page before says nothing about this one.
      pageClock = createPageClock(clock)
      caller.onThere()
    },
    onGone() {
      microphone.silence()
      caller.onGone()
      waiting.start(PAGE_BACK_MS)
    },
  })
  const speaker = new Speaker({
    audio: link.audio,
    command: link.command,
    onSegment: (segment) => void segments.set(segment, onSegment()),
  })

  const receive = (message: MediaUp): unknown => {
    switch (message.type) {
      case 'started': {
        pageClock.seen(message.at)
        const { at, uncertainty_ms } = pageClock.toSession(message.at)
        return segments.get(message.segment)?.(at, uncertainty_ms)
      }
      case 'finished':
        segments.delete(message.segment)
        return speaker.finished(message.segment, message.position_ms, message.interrupted)
      case 'mute':
        microphone.mute(message.muted)
        return onMuted(message.muted)
      case 'ping':
        pageClock.seen(message.at)
        if (message.offset_ms !== undefined && message.round_trip_ms !== undefined)
          pageClock.measured(message.offset_ms, message.round_trip_ms)
        return link.command({ type: 'pong', id: message.id, at: message.at, clock: clock() })
    }
  }
  waiting.start(FIRST_PAGE_MS)

  return {
    microphone,
    speaker,
    attach: link.attach,
    hangUp() {
      waiting.stop()
      speaker.abandon()
      link.close()
    },
    close: () => microphone.close(),
  }
}

function createPatience(onOver: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    start(within_ms: number): void {
      clearTimeout(timer)
      timer = setTimeout(onOver, within_ms)
    },
    stop: (): void => clearTimeout(timer),
  }
}
