import { Select } from '@mantine/core'
import { formatRoute } from '../../client/address.ts'
import type { Connection } from '../../../core/contract/index.ts'
import { LocalServerStart } from '../../ui/local-server-start.tsx'
import type { CallPlace } from './use-call-place.ts'
import classes from './setup.module.css'

const DIRECT = 'direct'

const labelOf = ({ name, source }: Connection): string =>
  source === 'local' ? 'LiveKit room, local server' : `LiveKit room, ${name}`

/** Direct, or in a room of a connection; what has to run first is started here. */
export function PlaceSection({ place }: { place: CallPlace }) {
  const { connections, connection, choose, server, deeds } = place
  const data = [
    { value: DIRECT, label: 'Direct, without a server' },
    ...connections.map((one) => ({ value: String(one.connection_id), label: labelOf(one) })),
  ]
  return (
    <section>
      <div className={classes.titleRow}>
        <h2 className={classes.title}>Where</h2>
        <a className={classes.source} href={formatRoute({ screen: 'settings', part: 'livekit' })}>
          LiveKit connections
        </a>
      </div>
      <Select
        aria-label="Where the call takes place"
        allowDeselect={false}
        data={data}
        value={connection ? String(connection.connection_id) : DIRECT}
        onChange={(value) => choose(value === null || value === DIRECT ? undefined : value)}
      />
      <div className={classes.place}>
        <PlaceState connection={connection} />
        {connection?.source === 'local' && server && (server.state !== 'stopped' || deeds.busy || deeds.error) && (
          <LocalServerStart server={server} deeds={deeds} lan={server.lan} />
        )}
      </div>
    </section>
  )
}

function PlaceState({ connection }: { connection: Connection | undefined }) {
  if (!connection) return <p className={classes.note}>Sound goes straight to this machine: the quickest way to try an agent.</p>
  if (connection.source === 'local')
    return <p className={classes.note}>A LiveKit server of this machine, started when it is needed, with keys of its own.</p>
  if (!connection.has_keys)
    return (
      <p className={classes.bad} role="alert">
        The key or the secret of this connection is not there. Add both under LiveKit connections.
      </p>
    )
  return <p className={classes.note}>{connection.url}</p>
}
