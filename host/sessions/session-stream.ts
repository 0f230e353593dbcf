import type { SessionStreamMessage } from '../../core/contract/events.ts'
import { isJournalEvent, type JournalEvent, type JournalPosition, type SessionEvent } from '../../core/contract/session-events.ts'
import type { JournalPage } from '../../core/store/calls.ts'
import { isAfter } from './journal-position.ts'
import { createOpenTurn } from '../../core/session/open-turn.ts'

/** Where a subscriber's messages go; `bufferedBytes` is what it has not taken yet. */
export type SessionSink = Readonly<{ send: (message: SessionStreamMessage) => void; bufferedBytes: () => number }>

/** Beyond this a subscriber is slow: it gets nothing until it has caught up, then what it missed of the journal and a snapshot. */
const SLOW_BYTES = 1_000_000
const CAUGHT_UP_BYTES = SLOW_BYTES / 4
const LOOK_AGAIN_MS = 100
const PAGE = 500

/** The events of one session on their way to everybody who watches it. */
export type SessionStream = Readonly<{
  publish: (events: readonly SessionEvent[]) => void
  /** The journal is on disk up to here. */
  saved: (position: JournalPosition) => void
  /** Without gaps or doubles: the journal after `after`, a snapshot of the open turn, then everything live. */
  subscribe: (after: JournalPosition, sink: SessionSink) => () => void
  isWatched: () => boolean
}>

type Subscriber = {
  sink: SessionSink
  sent: JournalPosition
  /** `slow`: gets nothing until it has taken what it has. A list: it catches up, and this was published meanwhile. */
  state: 'live' | 'slow' | JournalEvent[]
  timer: NodeJS.Timeout | undefined
}

export type StreamOptions = Readonly<{
  readJournal: (after: JournalPosition, limit: number) => Promise<JournalPage>
  onFailure: (error: unknown) => void
}>

export function createSessionStream({ readJournal, onFailure }: StreamOptions): SessionStream {
  const subscribers = new Set<Subscriber>()
  const openTurn = createOpenTurn()
  let unsaved: JournalEvent[] = []

  function send(subscriber: Subscriber, type: 'events' | 'snapshot', events: readonly SessionEvent[]): void {
    const last = events.findLast(isJournalEvent)
    if (last) subscriber.sent = { attempt: last.attempt, seq: last.seq }
    subscriber.sink.send({ type, events: [...events] })
  }

  /** Nothing is missed: what was published since the beginning waits in the queue, and what was before is unsaved or on disk. */
  async function catchUp(subscriber: Subscriber): Promise<void> {
    const queue = [...unsaved]
    subscriber.state = queue
    for (let more = true; more;) {
      const page = await readJournal(subscriber.sent, PAGE)
      if (!subscribers.has(subscriber)) return
      if (page.events.length > 0) send(subscriber, 'events', page.events)
      more = page.more
      if (isSlow(subscriber)) return waitUntilCaughtUp(subscriber)
    }
    const missed = queue.filter((event) => isAfter(event, subscriber.sent))
    if (missed.length > 0) send(subscriber, 'events', missed)
    send(subscriber, 'snapshot', openTurn.snapshot())
    subscriber.state = 'live'
  }

  function waitUntilCaughtUp(subscriber: Subscriber): void {
    subscriber.state = 'slow'
    subscriber.timer = setTimeout(() => {
      if (subscriber.sink.bufferedBytes() > CAUGHT_UP_BYTES) waitUntilCaughtUp(subscriber)
      else catchUp(subscriber).catch(onFailure)
    }, LOOK_AGAIN_MS).unref()
  }

  return {
    publish(events) {
      const journaled = events.filter(isJournalEvent)
      unsaved.push(...journaled)
      for (const event of events) openTurn.apply(event)
      for (const subscriber of subscribers) {
        if (subscriber.state === 'slow') continue
        if (subscriber.state !== 'live') subscriber.state.push(...journaled)
        else if (isSlow(subscriber)) waitUntilCaughtUp(subscriber)
        else send(subscriber, 'events', events)
      }
    },
    saved(position) {
      unsaved = unsaved.filter((event) => isAfter(event, position))
    },
    subscribe(after, sink) {
      const subscriber: Subscriber = { sink, sent: after, state: [], timer: undefined }
      subscribers.add(subscriber)
      catchUp(subscriber).catch(onFailure)
      return () => {
        subscribers.delete(subscriber)
        clearTimeout(subscriber.timer)
      }
    },
    isWatched: () => subscribers.size > 0,
  }
}

const isSlow = ({ sink }: Subscriber): boolean => sink.bufferedBytes() > SLOW_BYTES
