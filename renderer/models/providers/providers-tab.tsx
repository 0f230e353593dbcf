import { Button, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { ProviderCheck } from '../../../core/contract/index.ts'
import type { Provider } from '../../../core/providers/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { RowName } from '../../ui/row-name.tsx'
import { Cell, VirtualTable, WideCell, type Column } from '../../ui/virtual-table.tsx'
import { usualReferences } from '../keys/key-facts.ts'
import { ProviderDetails } from './provider-details.tsx'
import { KINDS, kindState, providerRows, type ProviderRow } from './provider-overview.ts'
import { useProviderChecks } from './use-provider-checks.ts'
import shared from '../models.module.css'
import classes from './providers.module.css'

const COLUMNS: readonly Column[] = [
  { key: 'name', label: 'Provider', width: 'minmax(220px, 1.4fr)' },
  { key: 'stt', label: 'STT', width: 'minmax(112px, 1fr)' },
  { key: 'llm', label: 'LLM', width: 'minmax(112px, 1fr)' },
  { key: 'tts', label: 'TTS', width: 'minmax(112px, 1fr)' },
  { key: 'key', label: 'Key', width: 'minmax(150px, 0.9fr)' },
]

/** Every provider that an agent can name: its key, and whether it has ever been seen to work from here. */
export function ProvidersTab({ onAddKey }: { onAddKey: (name: string) => void }) {
  const references = useMemo(() => [...usualReferences()], [])
  const { value: secrets } = useOperation('secret.list', { references }, ['secret.changed'])
  const { value: checks, error, reload } = useOperation('provider.checks', {}, ['provider.checked'])
  const [query, setQuery] = useState('')
  const [open, setOpen] = useState<string>()
  const running = useProviderChecks()
  const rows = useMemo(() => providerRows(secrets?.secrets ?? [], query), [secrets, query])
  const known = checks?.checks ?? []
  return (
    <>
      <div className={shared.tools}>
        <TextInput
          className={shared.search ?? ''}
          aria-label="Find providers"
          placeholder="Name, alias, kind"
          leftSection={<IconSearch size={14} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <span className={shared.faint} role="status">
          {rows.length} {rows.length === 1 ? 'provider' : 'providers'}
        </span>
        <span className={shared.hint}>An agent chooses among them, or names any other address, in its Voice &amp; models.</span>
      </div>
      {error && <ErrorNote error={error} onRetry={reload} />}
      <div className={shared.fill}>
        {rows.length === 0 ? (
          <p className={shared.nothing}>
            No provider is called so. Any server that speaks OpenAI’s protocol works as “OpenAI-compatible”, with its address.
          </p>
        ) : (
          <VirtualTable label="Providers" columns={COLUMNS} rows={rows} getKey={({ id }) => id} estimate={() => 36}>
            {(row) => (
              <>
                <ProviderCells
                  row={row}
                  checks={known}
                  open={open === row.id}
                  onOpen={() => setOpen(open === row.id ? undefined : row.id)}
                  onAddKey={onAddKey}
                />
                {open === row.id && (
                  <WideCell span={COLUMNS.length}>
                    {kindsOf(row).map((provider) => (
                      <ProviderDetails
                        key={provider.kind}
                        provider={provider}
                        last={kindState(provider, known).check}
                        run={running.runOf(provider)}
                        onCheck={() => void running.check(provider)}
                        onCancel={() => running.cancel(provider)}
                      />
                    ))}
                  </WideCell>
                )}
              </>
            )}
          </VirtualTable>
        )}
      </div>
    </>
  )
}

const kindsOf = ({ kinds }: ProviderRow): readonly Provider[] => KINDS.flatMap((kind) => kinds[kind] ?? [])

type CellsProps = Readonly<{
  row: ProviderRow
  checks: readonly ProviderCheck[]
  open: boolean
  onOpen: () => void
  onAddKey: (name: string) => void
}>

const ProviderCells = ({ row, checks, open, onOpen, onAddKey }: CellsProps) => (
  <>
    <Cell>
      <RowName name={row.name} open={open} onOpen={onOpen} />
      <span className={classes.id}>{row.id}</span>
    </Cell>
    {KINDS.map((kind) => {
      const provider = row.kinds[kind]
      const state = provider && kindState(provider, checks)
      return <Cell key={kind}>{state && <Badge tone={state.tone}>{state.label}</Badge>}</Cell>
    })}
    <Cell>
      <span className={classes.key} title={row.key.detail}>
        <Badge tone={row.key.tone}>{row.key.label}</Badge>
        {row.key.missing !== undefined && (
          <Button aria-label={`Add a key for ${row.name}`} onClick={() => onAddKey(row.key.missing ?? '')}>
            Add…
          </Button>
        )}
      </span>
    </Cell>
  </>
)
