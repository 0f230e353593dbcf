import { IconBroadcast } from '@tabler/icons-react'
import { memo } from 'react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import { RULE_NAMES } from '../../../core/routing/rule-names.ts'
import { formatMoment } from '../../ui/format.ts'
import { formatNanoUsd } from '../../ui/price.ts'
import { countOf, formatClock } from '../format.ts'
import { silenceWords } from './silence-words.ts'
import { survivedWords } from './room-words.ts'
import classes from './history.module.css'

type Props = Readonly<{ session: SessionSummary; selected: boolean; onOpen: (session_id: string) => void; dense?: boolean }>

/** One call in a list: when, with whom, how it went. */
export const CallRow = memo(function CallRow({ session, selected, onOpen, dense = false }: Props) {
  return (
    <button
      type="button"
      className={classes.row}
      data-selected={selected || undefined}
      aria-current={selected || undefined}
      onClick={() => onOpen(session.session_id)}
    >
      <span className={classes.when}>{formatMoment(session.started_at)}</span>
      <CallMark session={session} />
      {!dense && <span className={classes.preview}>{session.preview || silentWords(session)}</span>}
      <span className={classes.facts}>
        {session.kind === 'room' && <IconBroadcast size={12} aria-label="Room call" className={classes.kind} />}
        {factsOf(session)}
      </span>
    </button>
  )
})

/** Of a call in which the caller has not said a word; greeted they were. */
const silentWords = ({ state }: SessionSummary): string =>
  state === 'ended' ? 'The caller said nothing' : 'Going on: the caller has not spoken yet'

/** Somebody wanted these ends: what went wrong before did not end the call. */
const ENDED_WELL: ReadonlySet<string> = new Set(['stopped', 'caller_left', 'agent_ended', 'page_closed', 'studio_closed'])

function CallMark({ session }: { session: SessionSummary }) {
  if (session.state !== 'ended') return <span className={classes.running}>running</span>
  const { turn_count, cost_nano_usd, error, end_reason = '' } = session
  if (error !== undefined && !ENDED_WELL.has(end_reason))
    return (
      <span className={classes.failed} title={error}>
        failed
      </span>
    )
  return (
    <span className={classes.turns} title={error}>
      {countOf(turn_count, 'turn')}
      {error !== undefined && <span className={classes.trouble}> · had a problem</span>}
      {cost_nano_usd ? ` · ${formatNanoUsd(cost_nano_usd)}` : ''}
    </span>
  )
}

/** `PTE interview · direct · voice · 01:24 · p50 840 ms`; of a room call also where, by which rule, and what it survived. */
export const factsOf = (session: SessionSummary): string => {
  const { agent_name, kind, modality, started_at, ended_at, room, route, recoveries = 0 } = session
  return [
    agent_name,
    room ? `room on ${room.connection_id}` : kind,
    modality,
    room?.origin === 'dispatch' && route !== undefined ? `by ${RULE_NAMES[route]}` : '',
    survivedWords(recoveries),
    ended_at === undefined ? '' : formatClock(ended_at - started_at),
    silenceWords(session),
  ]
    .filter(Boolean)
    .join(' · ')
}
