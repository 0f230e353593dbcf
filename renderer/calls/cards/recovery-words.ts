import type { JournalEvent } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { formatMs, formatSeconds } from '../format.ts'

/** What broke in a call and how it went on, for people. */
export type RecoveryWords = Readonly<{ tone: 'warn' | 'info'; title: string; text: string }>
export type RecoveryEvent = Extract<JournalEvent, { type: 'session.recovered' | 'room.connection' }>

export const isRecovery = (event: JournalEvent): event is RecoveryEvent =>
  event.type === 'session.recovered' || event.type === 'room.connection'

const KEPT = 'Nothing said is lost: the conversation goes on from its journal.'

/** `340 ms`, `8.1 s`: how long nobody was there. */
export const gapText = (ms: number): string => (ms < 1000 ? formatMs(ms) : formatSeconds(ms))

/** Why a call had ended that was taken up again. */
const RESUMED: Readonly<Record<string, string>> = {
  connection_lost: 'Greenroom or the LiveKit server was gone for a while.',
  studio_closed: 'Greenroom had been closed.',
  stopped: 'It had been stopped.',
  caller_left: 'The caller had left.',
  page_closed: 'No window had carried its sound any more.',
}

export function recoveryWords(event: RecoveryEvent): RecoveryWords {
  if (event.type === 'room.connection') return connectionWords(event)
  const { reason, gap_ms } = event
  const resumed = /^resumed after (\S+)/.exec(reason)?.[1]
  if (resumed !== undefined || reason.startsWith('resumed')) {
    const why = RESUMED[resumed ?? ''] ?? ''
    return {
      tone: 'info',
      title: 'The call goes on',
      text: [why, `The agent was back after ${gapText(gap_ms)}.`, KEPT].filter(Boolean).join(' '),
    }
  }
  return {
    tone: 'warn',
    title: 'The session process ended and was replaced',
    text: `It was ${reason.replace(/\.$/, '')}. The agent was back after ${gapText(gap_ms)}. ${KEPT}`,
  }
}

function connectionWords({ state, gap_ms }: Extract<RecoveryEvent, { type: 'room.connection' }>): RecoveryWords {
  const after = gap_ms === undefined ? '' : ` after ${gapText(gap_ms)}`
  switch (state) {
    case 'reconnecting':
      return {
        tone: 'warn',
        title: 'The agent lost the LiveKit server',
        text: 'It stays, and connects again by itself; what is said meanwhile is not heard.',
      }
    case 'reconnected':
      return { tone: 'info', title: `The agent is connected again${after}`, text: 'The same session goes on.' }
    case 'lost':
      return {
        tone: 'warn',
        title: `The LiveKit server did not come back${after}`,
        text: 'The call is kept: it goes on from its journal when the server and the caller are back within ten minutes.',
      }
  }
}

/** Everything that broke and went on, in order. A connection that came back is told once, by its end. */
export const recoveries = ({ events }: Pick<SessionView, 'events'>): readonly RecoveryEvent[] =>
  events.filter(isRecovery).filter((event, index, all) => {
    if (event.type !== 'room.connection' || event.state !== 'reconnecting') return true
    return all[index + 1]?.type !== 'room.connection'
  })

type Recovered = Extract<JournalEvent, { type: 'session.recovered' }>

/** The recovery that began an attempt. */
export const recoveryOf = ({ events }: Pick<SessionView, 'events'>, attempt: number): Recovered | undefined =>
  events.findLast((event): event is Recovered => event.type === 'session.recovered' && event.attempt === attempt)
