import { ActionIcon, Button, Modal, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useSettings } from '../../client/settings-context.tsx'
import { toastError } from '../../ui/toast.tsx'
import { moved, withSource } from './source-order.ts'
import classes from './list.module.css'

const MOST = 20

/** Folders and mirrors that are asked before the hubs, in order. */
export function SourcesDialog({ onClose }: { onClose: () => void }) {
  const { settings, change } = useSettings()
  const [typed, setTyped] = useState('')
  const sources = settings.model_sources
  const keep = (next: readonly string[]) => void change({ model_sources: [...next] }).catch(toastError)
  return (
    <Modal opened onClose={onClose} title="Other sources of models" size={560}>
      <div className={classes.form}>
        <p className={classes.dim}>
          Asked in this order, before the model hub and the Python package index: a folder of this machine, a mirror of the hub, a
          plain server (ADDRESS/MODEL/FILE), a package index, or a folder of packages. Every file is checked by its SHA-256
          wherever it comes from.
        </p>
        {sources.length === 0 ? (
          <p className={classes.faint}>None so far: models come from the hub, or the package index.</p>
        ) : (
          <ol className={classes.sources} aria-label="Sources in order">
            {sources.map((source, index) => (
              <li key={source}>
                <code className="mono">{source}</code>
                <ActionIcon
                  aria-label={`Ask ${source} earlier`}
                  disabled={index === 0}
                  onClick={() => keep(moved(sources, index, -1))}
                >
                  <IconArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`Ask ${source} later`}
                  disabled={index === sources.length - 1}
                  onClick={() => keep(moved(sources, index, 1))}
                >
                  <IconArrowDown size={14} />
                </ActionIcon>
                <ActionIcon aria-label={`Take ${source} off`} onClick={() => keep(sources.filter((_, at) => at !== index))}>
                  <IconX size={14} />
                </ActionIcon>
              </li>
            ))}
          </ol>
        )}
        <form
          className={classes.pathRow}
          onSubmit={(event) => {
            event.preventDefault()
            keep(withSource(sources, typed))
            setTyped('')
          }}
        >
          <TextInput
            className={classes.grow ?? ''}
            label="Address or folder"
            placeholder="https://mirror.example or /mnt/models"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit" disabled={typed.trim() === '' || sources.length >= MOST}>
            Add
          </Button>
        </form>
      </div>
    </Modal>
  )
}
