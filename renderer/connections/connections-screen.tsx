import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Connection } from '../../core/contract/index.ts'
import { useStudio } from '../client/studio-context.tsx'
import { useConnections } from '../client/use-local-server.ts'
import { Busy } from '../ui/busy.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { toast, toastError, toastUndo } from '../ui/toast.tsx'
import { ConnectionDialog } from './connection-dialog.tsx'
import { restoreOf } from './connection-draft.ts'
import { ConnectionTable } from './connection-table.tsx'
import { LocalServerCard } from './local-server-card.tsx'
import { useConnectionTests } from './use-connection-tests.ts'
import { WorkerCard } from './worker-card.tsx'
import classes from './connections.module.css'

/** From so many on, they are searched. */
const SEARCHED_FROM = 6

/** LiveKit servers that calls can go through, the worker that answers there, and a server of this machine. */
export function ConnectionsScreen() {
  const studio = useStudio()
  const { value, error, reload } = useConnections()
  const [editing, setEditing] = useState<Readonly<{ connection: Connection | undefined }>>()
  const [query, setQuery] = useState('')
  const tests = useConnectionTests()
  const all = value?.connections
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase()
    return (all ?? []).filter(({ name, url = '' }) => `${name} ${url}`.toLowerCase().includes(wanted))
  }, [all, query])

  const remove = (connection: Connection) => {
    studio.call('connection.delete', { connection_id: connection.connection_id }).then((gone) => {
      toastUndo(`Deleted the connection ${gone.name}. Its keys stay where they are kept.`, () => {
        studio.call('connection.save', restoreOf(gone)).catch(toastError)
      })
    }, toastError)
  }
  if (error && !value) return <ErrorNote error={error} onRetry={reload} />
  if (!value) return <Busy label="Loading the connections" />
  return (
    <div className={classes.screen}>
      <div className={classes.cards}>
        <LocalServerCard server={value.local_server} />
        <WorkerCard worker={value.worker} />
      </div>
      <div className={classes.tools}>
        <h2 className={classes.heading}>Connections</h2>
        {value.connections.length >= SEARCHED_FROM && (
          <TextInput
            className={classes.search ?? ''}
            aria-label="Search connections"
            placeholder="Search names and servers"
            leftSection={<IconSearch size={14} />}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
        <span className={classes.spacer} />
        <Button leftSection={<IconPlus size={14} />} onClick={() => setEditing({ connection: undefined })}>
          Add a connection…
        </Button>
      </div>
      {shown.length === 0 ? (
        <p className={classes.nothing}>
          {query.trim() === ''
            ? 'No connection yet. Start a local server above: it needs no account and no key. Or add LiveKit Cloud or a server of your own.'
            : `No connection matches "${query.trim()}".`}
        </p>
      ) : (
        <div className={classes.fill}>
          <ConnectionTable
            connections={shown}
            worker={value.worker}
            server={value.local_server}
            tests={tests}
            onEdit={(connection) => setEditing({ connection })}
            onDelete={remove}
          />
        </div>
      )}
      {editing && (
        <ConnectionDialog
          connection={editing.connection}
          onClose={() => setEditing(undefined)}
          onSaved={(saved) => {
            toast(`Saved ${saved.name}: it is being tested`)
            tests.run(saved.connection_id)
          }}
        />
      )}
    </div>
  )
}
