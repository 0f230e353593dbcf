import { Button, Checkbox, FileButton, Modal, Textarea } from '@mantine/core'
import { useState, type ClipboardEvent, type DragEvent } from 'react'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { toast } from '../../ui/toast.tsx'
import { chosenAtFirst, entryWords, toggledName, type EnvEntry } from './env-choice.ts'
import classes from './env-dialog.module.css'

type Read = Readonly<{ text: string; entries: readonly EnvEntry[] }>

/** Takes the keys of a .env file: what would be kept is shown by name first. Values are sent to the host, and never shown. */
export function EnvDialog({ onClose }: { onClose: () => void }) {
  const studio = useStudio()
  const [read, setRead] = useState<Read>()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [error, setError] = useState<StudioError>()
  const [busy, setBusy] = useState(false)

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    await work().catch((cause: unknown) => setError(toStudioError(cause)))
    setBusy(false)
  }
  const look = (text: string) =>
    attempt(async () => {
      const { entries } = await studio.call('secret.preview_env', { text })
      setRead({ text, entries })
      setChosen(chosenAtFirst(entries))
    })
  const keep = (text: string) =>
    attempt(async () => {
      const { stored } = await studio.call('secret.import_env', { text, names: [...chosen] })
      toast(`${stored.length} ${stored.length === 1 ? 'key is' : 'keys are'} stored. The .env file is no longer needed for them`)
      onClose()
    })
  return (
    <Modal opened onClose={onClose} title="Import keys from a .env file" size={560}>
      <div className={classes.form}>
        {read === undefined ? (
          <Source
            busy={busy}
            onText={(text) => void look(text)}
            onFile={(file) => void attempt(async () => look(await file.text()))}
          />
        ) : (
          <Preview entries={read.entries} chosen={chosen} onToggle={(name) => setChosen(toggledName(chosen, name))} />
        )}
        {error && <ErrorNote error={error} />}
        <div className={classes.buttons}>
          {read && <Button onClick={() => setRead(undefined)}>Another file</Button>}
          <Button onClick={onClose}>Cancel</Button>
          {read && (
            <Button variant="filled" disabled={chosen.size === 0} loading={busy} onClick={() => void keep(read.text)}>
              Store {chosen.size} {chosen.size === 1 ? 'key' : 'keys'}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

type SourceProps = Readonly<{ busy: boolean; onText: (text: string) => void; onFile: (file: File) => void }>

function Source({ busy, onText, onFile }: SourceProps) {
  const [typed, setTyped] = useState('')
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const [file] = event.dataTransfer.files
    if (file) onFile(file)
  }
  const paste = (event: ClipboardEvent) => {
    event.preventDefault()
    onText(event.clipboardData.getData('text/plain'))
  }
  return (
    <div
      className={classes.source}
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileButton onChange={(file) => file && onFile(file)}>
        {(props) => (
          <Button {...props} loading={busy}>
            Choose a .env file…
          </Button>
        )}
      </FileButton>
      <span className={classes.dim}>or drop it here, or paste its text:</span>
      <Textarea
        className={classes.grow ?? ''}
        classNames={{ input: classes.masked ?? '' }}
        aria-label="Text of the .env file"
        placeholder="Ctrl+V: NAME=value, a line each"
        description="Only the names are shown. Nothing is stored before you have seen them."
        autoComplete="off"
        spellCheck={false}
        rows={2}
        value={typed}
        onPaste={paste}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {typed !== '' && <Button onClick={() => onText(typed)}>Look at it</Button>}
    </div>
  )
}

type PreviewProps = Readonly<{ entries: readonly EnvEntry[]; chosen: ReadonlySet<string>; onToggle: (name: string) => void }>

function Preview({ entries, chosen, onToggle }: PreviewProps) {
  if (entries.length === 0) return <p className={classes.dim}>No line of it is NAME=value. Choose another file.</p>
  return (
    <>
      <p className={classes.dim}>
        Each one becomes a key of its name; agents that look for the variable find it. One that is stored already is replaced.
      </p>
      <ul className={classes.entries} aria-label="What the file holds">
        {entries.map((entry) => (
          <li key={entry.name}>
            <Checkbox
              label={<code className="mono">{entry.name}</code>}
              disabled={!entry.possible}
              checked={chosen.has(entry.name)}
              onChange={() => onToggle(entry.name)}
            />
            <span className={classes.words}>{entryWords(entry)}</span>
            <span className={classes.line}>line {entry.line}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
