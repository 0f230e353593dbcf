import { Switch } from '@mantine/core'
import type { Connection, WorkerRegistration } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { Badge } from '../ui/badge.tsx'
import { formatMoment } from '../ui/format.ts'
import { toastError } from '../ui/toast.tsx'
import { RoomsList } from './rooms-list.tsx'
import { dispatchWords, REGISTRATION_TONES } from './worker-words.ts'
import classes from './connections.module.css'

type Props = Readonly<{ connection: Connection; registrations: readonly WorkerRegistration[]; reachable: boolean }>

/** What the worker does on a connection, under which names, and what goes on there. */
export function ConnectionDetails({ connection, registrations, reachable }: Props) {
  const studio = useStudio()
  const { connection_id, serve, automatic, api_key, api_secret } = connection
  const change = (part: Readonly<{ serve?: boolean; automatic?: boolean }>) =>
    void studio.call('connection.save', { connection_id, ...part }).catch(toastError)
  return (
    <div className={classes.details}>
      {api_key !== undefined && (
        <p className={classes.text}>
          Key <code className="mono">{api_key}</code>
          {api_secret !== undefined && (
            <>
              , secret <code className="mono">{api_secret}</code>
            </>
          )}
        </p>
      )}
      <Switch
        label="Agents answer under their own names here"
        description="Agents that ask for it (Routing) also answer when nobody in this studio called: whoever dispatches them by name on this server gets them"
        checked={serve}
        onChange={({ currentTarget: { checked } }) => change({ serve: checked })}
      />
      <Switch
        label="Every new room gets an agent"
        description="Automatic dispatch: routing rules choose who answers. Other workers of this server that do the same compete with this one"
        checked={automatic}
        onChange={({ currentTarget: { checked } }) => change({ automatic: checked })}
      />
      <Registrations registrations={registrations} />
      {reachable && <RoomsList connection_id={connection_id} />}
    </div>
  )
}

function Registrations({ registrations }: { registrations: readonly WorkerRegistration[] }) {
  if (registrations.length === 0)
    return (
      <p className={classes.text}>The worker is not registered here; a room call, or one of the switches above, registers it.</p>
    )
  return (
    <ul className={classes.registrations} aria-label="Registrations of the worker" tabIndex={0}>
      {registrations.map(({ dispatch_name, state, reason, since, jobs, worker_id }) => (
        <li key={dispatch_name} className={classes.registration}>
          <Badge tone={REGISTRATION_TONES[state]}>{state}</Badge>
          <span className={classes.words}>
            {dispatchWords(dispatch_name)}{' '}
            {dispatch_name !== '' && <code className={`mono ${classes.faint ?? ''}`}>{dispatch_name}</code>}
            {reason !== undefined && <span className={classes.hint}>{reason}</span>}
          </span>
          <span className={classes.faint} title={worker_id}>
            {jobs} {jobs === 1 ? 'job' : 'jobs'} · since {formatMoment(since)}
          </span>
        </li>
      ))}
    </ul>
  )
}
