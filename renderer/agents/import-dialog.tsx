import { Button, Modal } from '@mantine/core'
import { useState, type DragEvent } from 'react'
import type { StudioError } from '../../core/contract/errors.ts'
import type { ImportPreview } from '../../core/contract/index.ts'
import { shellBridge } from '../client/shell-bridge.ts'
import { useStudio } from '../client/studio-context.tsx'
import { toStudioError } from '../client/use-operation.ts'
import { Busy } from '../ui/busy.tsx'
import { ErrorNote } from '../ui/error-note.tsx'
import { toast } from '../ui/toast.tsx'
import { ImportChanges } from './import-changes.tsx'
import classes from './bundle-dialog.module.css'

const APPLY = { create: 'Create the agent', update: 'Make the next revision', same: 'Nothing to import' } as const

type Props = Readonly<{ onClose: () => void; onOpen: (agent_id: string) => void }>

/** A bundle is read, checked and shown; nothing is written before the person says so. */
export function ImportDialog({ onClose, onOpen }: Props) {
  const studio = useStudio()
  const [preview, setPreview] = useState<ImportPreview>()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<StudioError>()

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    await work().catch((cause: unknown) => setError(toStudioError(cause)))
    setBusy(false)
  }
  const readFile = (file: Blob) =>
    attempt(async () => {
      const { upload_id } = await studio.upload(file)
      setPreview(await studio.call('bundle.preview', { from: { kind: 'upload', upload_id } }))
    })
  const readGrant = () =>
    attempt(async () => {
      const grant = await shellBridge()?.openBundle()
      if (grant) setPreview(await studio.call('bundle.preview', { from: { kind: 'grant', grant: grant.grant } }))
    })
  const apply = (import_id: string) =>
    attempt(async () => {
      const { agent_id, effect } = await studio.call('bundle.apply', { import_id })
      toast(
        effect === 'create'
          ? 'Imported as a new agent'
          : effect === 'update'
            ? 'Imported as a new revision'
            : 'Nothing had to change',
      )
      onOpen(agent_id)
      onClose()
    })

  return (
    <Modal opened onClose={onClose} title="Import a bundle" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {!preview && <PickFile busy={busy} onFile={(file) => void readFile(file)} onNative={() => void readGrant()} />}
      {preview && <ImportChanges preview={preview} />}
      {error && <ErrorNote error={error} />}
      <div className={classes.actions}>
        {preview && <Button onClick={() => setPreview(undefined)}>Choose another file</Button>}
        <Button onClick={onClose}>Cancel</Button>
        {preview && (
          <Button
            variant="filled"
            loading={busy}
            disabled={preview.effect === 'same'}
            onClick={() => void apply(preview.import_id)}
          >
            {APPLY[preview.effect]}
          </Button>
        )}
      </div>
    </Modal>
  )
}

function PickFile({ busy, onFile, onNative }: { busy: boolean; onFile: (file: Blob) => void; onNative: () => void }) {
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onFile(file)
  }
  if (busy) return <Busy label="Reading the bundle" />
  return (
    <div
      className={classes.pick}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <span>Drop a .greenroom file here, or</span>
      {shellBridge() ? (
        <Button variant="filled" onClick={onNative}>
          Choose a file…
        </Button>
      ) : (
        <label>
          <span className={classes.text}>choose one: </span>
          <input
            type="file"
            accept=".greenroom,.zip,application/zip"
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? []
              if (file) onFile(file)
            }}
          />
        </label>
      )}
      <span>It is checked and shown before anything is written.</span>
    </div>
  )
}
