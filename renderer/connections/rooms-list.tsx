import { Button } from '@mantine/core'
import { IconEye, IconRefresh } from '@tabler/icons-react'
import type { RoomSummary } from '../../core/contract/index.ts'
import { formatRoute } from '../client/address.ts'
import { useOperation } from '../client/use-operation.ts'
import { ErrorNote } from '../ui/error-note.tsx'
import { formatMoment } from '../ui/format.ts'
import { Cell, VirtualTable, type Column } from '../ui/virtual-table.tsx'
import classes from './connections.module.css'

const COLUMNS: readonly Column[] = [
  { key: 'room', label: 'Room', width: 'minmax(160px, 1fr)' },
  { key: 'since', label: 'Since', width: '110px' },
  { key: 'who', label: 'Who is there', width: 'minmax(120px, 1fr)' },
  { key: 'watch', label: 'Watch', width: '84px', quiet: true },
]
const ROW_HEIGHT = 40
const MOST_ROWS = 6
const HEAD_HEIGHT = 32

/** Rooms of a server, each to be watched without anybody there noticing. */
export function RoomsList({ connection_id }: { connection_id: string }) {
  const { value, error, reload } = useOperation('room.list', { connection_id }, ['session.changed'])
  const rooms = value?.rooms ?? []
  return (
    <section aria-label="Rooms" className={classes.rooms}>
      <div className={classes.row}>
        <h3 className={classes.small}>Rooms{value ? ` · ${rooms.length}` : ''}</h3>
        <Button size="compact-xs" leftSection={<IconRefresh size={13} />} onClick={reload}>
          Look again
        </Button>
      </div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      {value && rooms.length === 0 && <p className={classes.text}>No room is open there now.</p>}
      {rooms.length > 0 && (
        <div style={{ height: HEAD_HEIGHT + Math.min(MOST_ROWS, rooms.length) * ROW_HEIGHT + 4 }}>
          <VirtualTable
            label="Rooms"
            columns={COLUMNS}
            rows={rooms}
            getKey={({ room_name }) => room_name}
            estimate={() => ROW_HEIGHT}
          >
            {(room) => <Room room={room} connection_id={connection_id} />}
          </VirtualTable>
        </div>
      )}
    </section>
  )
}

const who = ({ participants }: RoomSummary): string =>
  participants.length === 0
    ? 'nobody'
    : participants.map(({ name, identity, kind }) => `${name || identity}${kind === 'agent' ? ' (agent)' : ''}`).join(', ')

function Room({ room, connection_id }: { room: RoomSummary; connection_id: string }) {
  const { room_name, session_id, created_at } = room
  const target = session_id
    ? formatRoute({ screen: 'calls', session_id })
    : formatRoute({ screen: 'calls', watch: { connection_id, room_name } })
  return (
    <>
      <Cell mono>{room_name}</Cell>
      <Cell>{formatMoment(created_at)}</Cell>
      <Cell>
        {who(room)}
        {session_id && <span className={classes.faint}> · a call of this studio</span>}
      </Cell>
      <Cell>
        <Button
          component="a"
          href={target}
          size="compact-xs"
          leftSection={<IconEye size={13} />}
          aria-label={`Watch ${room_name}`}
        >
          Watch
        </Button>
      </Cell>
    </>
  )
}
