import type { Room } from 'livekit-client'
import type { SessionStreamMessage } from '../../../core/contract/index.ts'
import { createLineSplitter, parseTurnLine } from '../../../core/room/turn-reader.ts'
import { SUMMARY_TOPIC, TURN_TOPIC, type TurnLine } from '../../../core/room/turn-stream.ts'
import { mayBeAgent } from './may-be-agent.ts'
import { lineCame, streamBegan, streamEnded, type TurnReceipts } from './turn-receipts.ts'

type Options = Readonly<{
  receipts: () => TurnReceipts
  update: (receipts: TurnReceipts) => void
  /** How late a line is, ms; undefined while the clocks are not known. */
  delayOf: (line: TurnLine) => number | undefined
  onTold: (messages: readonly SessionStreamMessage[]) => void
  onSummary: (text: string) => void
}>

/** Reads every `studio.turn` stream of the room, line by line. */
export function readStreams(room: Room, { receipts, update, delayOf, onTold, onSummary }: Options): void {
  let streams = 0
  room.registerTextStreamHandler(TURN_TOPIC, (reader, { identity }) => {
    if (!mayBeAgent(room, identity)) return void leaveUnread(reader)
    const key = `${identity} ${++streams}`
    const { turn_id = '', resumed } = reader.info.attributes ?? {}
    update(streamBegan(receipts(), key, turn_id, resumed === 'true'))
    const take = (text: string) => {
      const line = parseTurnLine(text)
      if (!line) return
      const taken = lineCame(receipts(), key, line, resumed === 'true' ? undefined : delayOf(line))
      update(taken.receipts)
      if (taken.told.length > 0) onTold(taken.told)
    }
    const read = async () => {
      const lines = createLineSplitter()
      for await (const chunk of reader) lines.push(chunk).forEach(take)
    }
    // An agent that dies in the middle of a stream breaks it; what is missing comes with the next one.
    read().then(
      () => update(streamEnded(receipts(), key, 'closed')),
      () => update(streamEnded(receipts(), key, 'broken')),
    )
  })
  room.registerTextStreamHandler(SUMMARY_TOPIC, (reader, { identity }) => {
    if (!mayBeAgent(room, identity)) return void leaveUnread(reader)
    reader.readAll().then(onSummary, () => undefined) // a summary that breaks off is none
  })
  room.on('dataReceived', (payload, from, _kind, topic) => {
    if (topic === SUMMARY_TOPIC && (from?.isAgent ?? true)) onSummary(new TextDecoder().decode(payload))
  })
}

/** What nobody takes would be kept until its end, which may never come. */
async function leaveUnread(reader: AsyncIterable<string>): Promise<void> {
  try {
    for await (const piece of reader) if (piece === undefined) break
  } catch {
    // It broke off.
  }
}
