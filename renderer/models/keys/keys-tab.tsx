import { Button } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useOperation } from '../../client/use-operation.ts'
import { Busy } from '../../ui/busy.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { AddKey } from './add-key.tsx'
import { EnvDialog } from './env-dialog.tsx'
import { keyRows, usualReferences } from './key-facts.ts'
import { KeyTable } from './key-table.tsx'
import { Protection } from './protection.tsx'
import classes from '../models.module.css'

type Props = Readonly<{
  importing: boolean
  /** The name of a key that is about to be added. */ wanted: string
  onImport: (open: boolean) => void
}>

/** Keys of providers: by name, with what each opens. Their values stay with the host. */
export function KeysTab({ importing, wanted, onImport }: Props) {
  const references = useMemo(() => [...usualReferences()], [])
  const { value, error, reload } = useOperation('secret.list', { references }, ['secret.changed'])
  const rows = useMemo(() => keyRows(value?.secrets ?? []), [value])
  if (error) return <ErrorNote error={error} onRetry={reload} />
  if (!value) return <Busy label="Loading the keys" />
  const locked = value.protection === 'locked'
  return (
    <>
      <Protection protection={value.protection} {...(value.warning === undefined ? {} : { warning: value.warning })} />
      <AddKey disabled={locked} wanted={wanted}>
        <Button leftSection={<IconFileImport size={14} />} disabled={locked} onClick={() => onImport(true)}>
          Import a .env file…
        </Button>
      </AddKey>
      <div className={classes.fill}>
        {rows.length > 0 ? (
          <KeyTable rows={rows} />
        ) : (
          <p className={classes.nothing}>
            No key is stored, and the environment brings none along. Agents run in rehearsal, with models of this machine, or with
            local servers; a key opens its provider for all of them.
          </p>
        )}
      </div>
      {importing && !locked && <EnvDialog onClose={() => onImport(false)} />}
    </>
  )
}
