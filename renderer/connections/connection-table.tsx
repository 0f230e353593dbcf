import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconPencil, IconPlugConnected, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Connection, LocalLiveKit, WorkerState } from '../../core/contract/index.ts'
import { Badge } from '../ui/badge.tsx'
import { RowName } from '../ui/row-name.tsx'
import { Cell, VirtualTable, WideCell, type Column } from '../ui/virtual-table.tsx'
import { ConnectionDetails } from './connection-details.tsx'
import { TestResult } from './test-result.tsx'
import type { ConnectionTests } from './use-connection-tests.ts'
import { REGISTRATION_TONES, registrationsOf, worstOf } from './worker-words.ts'
import classes from './connections.module.css'

const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Connection', width: 'minmax(150px, 1fr)' },
  { key: 'url', label: 'Server', width: 'minmax(160px, 1.4fr)' },
  { key: 'worker', label: 'Worker', width: '96px' },
  { key: 'answers', label: 'Answers', width: '150px' },
  { key: 'actions', label: 'Actions', width: '150px', quiet: true },
]
const ROW_HEIGHT = 42

type Props = Readonly<{
  connections: readonly Connection[]
  worker: WorkerState
  server: LocalLiveKit
  tests: ConnectionTests
  onEdit: (connection: Connection) => void
  onDelete: (connection: Connection) => void
}>

/** All connections; a line opens to what the worker does there and what goes on. */
export function ConnectionTable({ connections, worker, server, tests, onEdit, onDelete }: Props) {
  const [open, setOpen] = useState<string>()
  return (
    <VirtualTable
      label="LiveKit connections"
      columns={COLUMNS}
      rows={connections}
      getKey={({ connection_id }) => connection_id}
      estimate={() => ROW_HEIGHT}
    >
      {(connection) => {
        const { connection_id } = connection
        const test = tests.of(connection_id)
        const registrations = registrationsOf(worker, connection_id)
        const reachable = connection.has_keys && (connection.source !== 'local' || server.state === 'ready')
        const state = worstOf(registrations)
        return (
          <>
            <Cell>
              <RowName
                name={connection.name}
                open={open === connection_id}
                onOpen={() => setOpen(open === connection_id ? undefined : connection_id)}
              />
            </Cell>
            <Cell mono>{connection.url ?? <span className={classes.faint}>not running</span>}</Cell>
            <Cell>
              {state ? <Badge tone={REGISTRATION_TONES[state]}>{state}</Badge> : <span className={classes.faint}>–</span>}
            </Cell>
            <Cell>
              <Answers connection={connection} />
            </Cell>
            <Cell>
              <span className={classes.actions}>
                <Button
                  size="compact-xs"
                  leftSection={<IconPlugConnected size={13} />}
                  aria-label={`Test ${connection.name}`}
                  loading={test?.running === true}
                  disabled={!reachable}
                  onClick={() => tests.run(connection_id)}
                >
                  Test
                </Button>
                {connection.source === 'own' && (
                  <OwnActions name={connection.name} onEdit={() => onEdit(connection)} onDelete={() => onDelete(connection)} />
                )}
              </span>
            </Cell>
            {(test ?? open === connection_id) && (
              <WideCell span={COLUMNS.length}>
                {test && (
                  <TestResult
                    test={test}
                    onCancel={() => tests.cancel(connection_id)}
                    onAgain={() => tests.run(connection_id)}
                    onDismiss={() => tests.dismiss(connection_id)}
                  />
                )}
                {open === connection_id && (
                  <ConnectionDetails connection={connection} registrations={registrations} reachable={reachable} />
                )}
              </WideCell>
            )}
          </>
        )
      }}
    </VirtualTable>
  )
}

/** To whom agents answer there. */
function Answers({ connection: { serve, automatic, has_keys } }: { connection: Connection }) {
  if (!has_keys) return <Badge tone="bad">key or secret missing</Badge>
  return (
    <span className={classes.faint}>{automatic ? 'every new room' : serve ? 'agents by their names' : 'calls from here'}</span>
  )
}

const OwnActions = ({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) => (
  <>
    <Tooltip label="Change">
      <ActionIcon aria-label={`Change ${name}`} onClick={onEdit}>
        <IconPencil size={15} />
      </ActionIcon>
    </Tooltip>
    <Tooltip label="Delete">
      <ActionIcon aria-label={`Delete ${name}`} onClick={onDelete}>
        <IconTrash size={15} />
      </ActionIcon>
    </Tooltip>
  </>
)
