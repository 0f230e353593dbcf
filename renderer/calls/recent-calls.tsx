import { useOperation } from '../client/use-operation.ts'
import { CallRow } from './history/call-row.tsx'
import classes from './history/history.module.css'

export type RecentCallsProps = Readonly<{ onOpen: (session_id: string) => void; agent_id?: string | undefined }>

const SHOWN = 5

/** The last few calls, below the library. */
export function RecentCalls({ onOpen, agent_id }: RecentCallsProps) {
  const query = { limit: SHOWN, ...(agent_id === undefined ? {} : { agent_id }) }
  const { value } = useOperation('session.list', query, ['session.changed', 'session.deleted'])
  if (!value) return null
  if (value.sessions.length === 0) return <p className={classes.nothing}>Calls that you make are kept here.</p>
  return (
    <ul className={classes.recent}>
      {value.sessions.map((session) => (
        <li key={session.session_id}>
          <CallRow session={session} selected={false} onOpen={onOpen} dense />
        </li>
      ))}
    </ul>
  )
}
