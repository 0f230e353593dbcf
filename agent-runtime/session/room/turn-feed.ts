import type { SessionEvent } from '../../../core/contract/session-events.ts'
import { isBehind } from '../../../core/room/turn-reader.ts'
import { createTurnLog } from '../../../core/room/turn-log.ts'
import { TURN_TOPIC, type LinePosition, type TurnLine } from '../../../core/room/turn-stream.ts'
import type { RoomOut, TextWriter } from './room-out.ts'
import { createSendQueue } from './send-queue.ts'

/** What belongs to no turn while none is open. */
const BETWEEN = ''
/** Of what is sent again, so much goes in one piece. */
const PIECE = 200

export type TurnFeed = Readonly<{
  tell: (events: readonly SessionEvent[]) => void
  /** Sends what came behind this position again, to one participant. */
  resume: (position: LinePosition, to: string) => void
  /** Streams that were open are broken: the next line opens a new one. */
  again: () => void
  /** Ends what is open; resolves when everything has left. */
  close: () => Promise<void>
}>

/**
 * `studio.turn`: one text stream a turn. One writer for everything, so that lines leave in order whatever stream they belong to; while the
 * room is away nothing is sent, and whoever missed lines notices by their numbers and asks. What is sent again has a writer of its own:
 * somebody who asks for everything again and again keeps nobody else waiting, and is answered once at a time.
 */
export function createTurnFeed(
  { attempt, earlier }: Readonly<{ attempt: number; earlier?: readonly SessionEvent[] | undefined }>,
  out: RoomOut,
): TurnFeed {
  const log = createTurnLog(attempt, earlier)
  const queue = createSendQueue()
  const resent = createSendQueue()
  const asked = new Map<string, LinePosition>()
  const open = new Map<string, TextWriter>()
  /** Turns that are not over, in order. */
  const turns = new Set<string>()

  const streamFor = async (key: string): Promise<TextWriter> => {
    const there = open.get(key)
    if (there) return there
    const writer = await out.openText({ topic: TURN_TOPIC, attributes: key === BETWEEN ? {} : { turn_id: key } })
    open.set(key, writer)
    return writer
  }
  const close = async (key: string) => {
    const writer = open.get(key)
    open.delete(key)
    await writer?.close()
  }
  const write = async (key: string, lines: readonly TurnLine[]) => {
    if (!out.isUp()) return
    if (key !== BETWEEN) await close(BETWEEN)
    const writer = await streamFor(key)
    await writer.write(textOf(lines)).catch((cause: unknown) => {
      open.delete(key)
      throw cause
    })
    if (lines.at(-1)?.event.type === 'turn.committed') await close(key)
  }
  /** A line of a turn that is over, or of none, goes with the newest. */
  const keyOf = ({ event }: TurnLine): string => {
    if (event.type === 'turn.started') turns.add(event.turn_id)
    return 'turn_id' in event && event.turn_id && turns.has(event.turn_id) ? event.turn_id : ([...turns].at(-1) ?? BETWEEN)
  }
  /** Lines that follow one another in one stream leave together. */
  const send = (lines: readonly TurnLine[]) => {
    let [piece, key]: [TurnLine[], string] = [[], BETWEEN]
    const flush = () => {
      const [to, ready] = [key, piece]
      piece = []
      if (ready.length > 0) queue.add(() => write(to, ready))
    }
    for (const line of lines) {
      const next = keyOf(line)
      if (next !== key) flush()
      key = next
      piece.push(line)
      if (line.event.type !== 'turn.committed') continue
      turns.delete(line.event.turn_id)
      flush()
    }
    flush()
  }

  return {
    tell: (events) => send(log.add(events)),
    resume(position, to) {
      const waiting = asked.get(to)
      asked.set(to, waiting && isBehind(waiting, position) ? waiting : position)
      if (waiting) return
      resent.add(async () => {
        const lines = log.after(asked.get(to) ?? position)
        asked.delete(to)
        if (lines.length === 0) return
        const writer = await out.openText({ topic: TURN_TOPIC, attributes: { resumed: 'true' }, to })
        for (let at = 0; at < lines.length; at += PIECE) await writer.write(textOf(lines.slice(at, at + PIECE)))
        await writer.close()
      })
    },
    again: () => open.clear(),
    close() {
      queue.add(async () => {
        for (const key of [...open.keys()]) await close(key)
      })
      return Promise.all([queue.settled(), resent.settled()]).then(() => undefined)
    },
  }
}

const textOf = (lines: readonly TurnLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
