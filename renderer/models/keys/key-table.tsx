import { ActionIcon, Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { SecretName, type SecretState } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { formatMoment } from '../../ui/format.ts'
import { toast, toastError } from '../../ui/toast.tsx'
import { Cell, VirtualTable, WideCell, type Column } from '../../ui/virtual-table.tsx'
import type { KeyRow } from './key-facts.ts'
import classes from '../models.module.css'

const COLUMNS: readonly Column[] = [
  { key: 'reference', label: 'Reference', width: 'minmax(180px, 1fr)' },
  { key: 'opens', label: 'Opens', width: 'minmax(180px, 1.2fr)' },
  { key: 'kept', label: 'Kept in', width: '120px' },
  { key: 'since', label: 'Since', width: '150px' },
  { key: 'actions', label: 'Actions', width: '32px', quiet: true },
]

const PLACES: Readonly<Record<SecretState['kept_in'], string>> = {
  keychain: 'keychain',
  encrypted_file: 'encrypted file',
  store: 'sealed in the store',
  environment: 'environment',
  nowhere: 'not there',
}

/** Keys by name, and what each opens; never with a value. */
export function KeyTable({ rows }: { rows: readonly KeyRow[] }) {
  const [sure, setSure] = useState<string>()
  return (
    <VirtualTable label="Keys" columns={COLUMNS} rows={rows} getKey={({ state }) => state.reference} estimate={() => 38}>
      {({ state, name, opens, own }) => (
        <>
          <Cell mono>{state.reference}</Cell>
          <Cell>{opens.length > 0 ? opens.join(', ') : <span className={classes.faint}>what an agent names it for</span>}</Cell>
          <Cell>
            <Badge tone={state.present ? 'good' : 'bad'}>{state.present ? PLACES[state.kept_in] : 'cannot be read'}</Badge>
          </Cell>
          <Cell>{state.updated_at === undefined ? '' : formatMoment(state.updated_at)}</Cell>
          <Cell>
            {own && (
              <ActionIcon size="sm" aria-label={`Forget ${state.reference}`} onClick={() => setSure(state.reference)}>
                <IconTrash size={14} />
              </ActionIcon>
            )}
          </Cell>
          {sure === state.reference && (
            <WideCell span={COLUMNS.length}>
              <Forget name={name} reference={state.reference} onClose={() => setSure(undefined)} />
            </WideCell>
          )}
        </>
      )}
    </VirtualTable>
  )
}

function Forget({ name, reference, onClose }: { name: string; reference: string; onClose: () => void }) {
  const studio = useStudio()
  const forget = async () => {
    await studio.call('secret.delete', { name: SecretName.parse(name) })
    toast(`${reference} is forgotten`)
    onClose()
  }
  return (
    <div className={classes.row} role="group" aria-label={`Forget ${reference}`}>
      A forgotten key cannot be brought back; agents that refer to it are refused.
      <Button autoFocus onClick={() => void forget().catch(toastError)}>
        Forget it
      </Button>
      <Button onClick={onClose}>Keep it</Button>
    </div>
  )
}
