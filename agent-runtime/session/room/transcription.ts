import { v7 } from 'uuid'
import type { SessionEvent } from '../../../core/contract/session-events.ts'
import type { RoomOut, TextWriter } from './room-out.ts'
import { createSendQueue } from './send-queue.ts'

const TOPIC = 'lk.transcription'
const attributesOf = (segment: string, final: boolean, track: string | undefined) => ({
  'lk.transcription_final': String(final),
  'lk.segment_id': segment,
  ...(track !== undefined && { 'lk.transcribed_track_id': track }),
})

export type Speaking = Readonly<{ identity: string; track?: string | undefined }>
export type Transcription = Readonly<{
  tell: (events: readonly SessionEvent[]) => void
  /** Streams that were open are broken. */
  again: () => void
  /** Ends what is open; resolves when everything has left. */
  close: () => Promise<void>
}>

/**
 * What LiveKit's frontends show as transcript, as LiveKit's own RoomIO tells it: of the caller each guess and each final text as a stream
 * of its own, all of one utterance under one segment; of the agent one stream of pieces for each reply, closed at its end.
 */
export function createTranscription(
  out: RoomOut,
  who: { caller: () => Speaking | undefined; agent: () => Speaking },
): Transcription {
  const queue = createSendQueue()
  const replies = new Map<string, TextWriter>()
  /** Turns that are not over: whether the caller spoke in them. */
  const turns = new Map<string, boolean>()
  let utterance = newSegment()

  const heard = (text: string, final: boolean) => {
    const segment = utterance
    if (final) utterance = newSegment()
    queue.add(async () => {
      const caller = who.caller()
      if (!caller || !out.isUp()) return
      const attributes = attributesOf(segment, final, caller.track)
      const writer = await out.openText({ topic: TOPIC, as: caller.identity, attributes })
      await writer.write(text)
      await writer.close()
    })
  }
  const say = (turn_id: string, text: string) =>
    queue.add(async () => {
      if (!out.isUp()) return
      const { identity, track } = who.agent()
      const attributes = attributesOf(newSegment(), false, track)
      const writer = replies.get(turn_id) ?? (await out.openText({ topic: TOPIC, as: identity, attributes }))
      replies.set(turn_id, writer)
      await writer.write(text)
    })
  const close = (turn_id: string) =>
    queue.add(async () => {
      const writer = replies.get(turn_id)
      replies.delete(turn_id)
      await writer?.close()
    })
  const tell = (event: SessionEvent) => {
    switch (event.type) {
      case 'turn.started':
        return turns.set(event.turn_id, event.source === 'voice')
      case 'transcript.interim':
        return heard(event.text, false)
      case 'transcript.final':
        // A line that was typed stands in the frontend already.
        return turns.get(event.turn_id) ? heard(event.text, true) : undefined
      case 'speech.delta':
        return turns.has(event.turn_id) ? say(event.turn_id, event.text) : undefined
      case 'turn.committed':
        turns.delete(event.turn_id)
        return close(event.turn_id)
      default:
        return undefined
    }
  }
  return {
    tell: (events) => events.forEach(tell),
    again: () => replies.clear(),
    close() {
      for (const turn_id of [...replies.keys()]) close(turn_id)
      return queue.settled()
    },
  }
}

const newSegment = () => `SG_${v7()}`
