import type { Room } from 'livekit-client'
import { SUMMARY_TOPIC, TURN_TOPIC, TurnLine } from '../../../core/room/turn-stream.ts'
import { lineCame, streamBegan, streamEnded, type TurnReceipts } from './turn-receipts.ts'
import { parseJson } from './rpc-log.ts'

type Options = Readonly<{
  update: (change: (receipts: TurnReceipts) => TurnReceipts) => void
  /** How late a line is, ms; undefined while the clocks are not known. */
  delayOf: (line: TurnLine) => number | undefined
  onLine: (line: TurnLine) => void
  onSummary: (text: string) => void
}>

/** Reads every `studio.turn` stream of the room, line by line. */
export function readStreams(room: Room, { update, delayOf, onLine, onSummary }: Options): void {
  let streams = 0
  room.registerTextStreamHandler(TURN_TOPIC, (reader) => {
    const key = `${++streams}`
    const { turn_id = '', resumed } = reader.info.attributes ?? {}
    update((receipts) => streamBegan(receipts, key, turn_id, resumed === 'true'))
    const take = (text: string) => {
      const line = TurnLine.safeParse(parseJson(text))
      if (!line.success) return
      update((receipts) => lineCame(receipts, key, line.data, resumed === 'true' ? undefined : delayOf(line.data)))
      onLine(line.data)
    }
    const read = async () => {
      let rest = ''
      for await (const chunk of reader) {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(take)
      }
      if (rest !== '') take(rest)
    }
    // An agent that dies in the middle of a stream breaks it; what is missing comes with the next one.
    read().then(
      () => update((receipts) => streamEnded(receipts, key, 'closed')),
      () => update((receipts) => streamEnded(receipts, key, 'broken')),
    )
  })
  room.registerTextStreamHandler(SUMMARY_TOPIC, (reader) => {
    reader.readAll().then(onSummary, () => undefined) // a summary that breaks off is none
  })
  room.on('dataReceived', (payload, _from, _kind, topic) => {
    if (topic === SUMMARY_TOPIC) onSummary(new TextDecoder().decode(payload))
  })
}
