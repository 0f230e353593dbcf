import { Button, Modal, Progress, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { isModelProgress, type ModelProgress } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { shellBridge } from '../../client/shell-bridge.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { percent, progressText } from '../../ui/fetch-state.ts'
import { toast } from '../../ui/toast.tsx'
import classes from './list.module.css'

const TAKEN = [
  ['Language model', 'a .gguf file with a chat template; of one in parts, the first'],
  ['Piper voice', 'NAME.onnx with NAME.onnx.json beside it'],
  ['faster-whisper, CTranslate2', 'the folder with model.bin, config.json and the vocabulary'],
  ['sherpa-onnx', 'the folder with tokens.txt: speech to text, VITS, Kokoro, Matcha, Kitten'],
] as const

/** A model of one’s own is copied in; what it is, its files tell. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const studio = useStudio()
  const [path, setPath] = useState('')
  const [name, setName] = useState('')
  const [progress, setProgress] = useState<ModelProgress>()
  const [error, setError] = useState<StudioError>()
  const running = useRef<AbortController>(undefined)
  const [busy, setBusy] = useState(false)
  const shell = shellBridge()

  const take = async () => {
    const abort = new AbortController()
    running.current = abort
    setBusy(true)
    setError(undefined)
    try {
      const model = await studio.call(
        'model.import',
        { path: path.trim(), ...(name.trim() === '' ? {} : { model_id: name.trim() }) },
        { signal: abort.signal, onProgress: (step) => isModelProgress(step) && setProgress(step) },
      )
      toast(`${model.name} is here`)
      onClose()
    } catch (cause) {
      const failure = toStudioError(cause)
      if (failure.code !== 'cancelled') setError(failure)
    } finally {
      setBusy(false)
      setProgress(undefined)
    }
  }
  const choose = async (what: 'file' | 'folder') => {
    const chosen = await shell?.chooseModel(what)
    if (chosen) setPath(chosen)
  }
  return (
    <Modal opened onClose={busy ? () => undefined : onClose} title="Import a model of your own" size={560}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void take()
        }}
      >
        <dl className={classes.taken}>
          {TAKEN.map(([what, how]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{how}</dd>
            </div>
          ))}
        </dl>
        <div className={classes.pathRow}>
          <TextInput
            className={classes.grow ?? ''}
            label="File or folder"
            description="On the machine that Greenroom runs on. Only what the model needs is copied; the original stays where it is."
            placeholder="/home/me/models/model.gguf"
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            disabled={busy}
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
        </div>
        {shell && (
          <div className={classes.buttons}>
            <Button disabled={busy} onClick={() => void choose('file')}>
              Choose a file…
            </Button>
            <Button disabled={busy} onClick={() => void choose('folder')}>
              Choose a folder…
            </Button>
          </div>
        )}
        <TextInput
          label="Name"
          description="By which agents refer to it; empty: made from the file’s name"
          autoComplete="off"
          disabled={busy}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {busy && (
          <div className={classes.job}>
            <Progress size="sm" value={progress ? percent(progress) : 0} aria-label="Progress of the import" />
            <span className={classes.dim} role="status">
              {progress ? progressText(progress) : 'Looking at what it is'}
            </span>
          </div>
        )}
        {error && <ErrorNote error={error} />}
        <div className={classes.buttons}>
          <Button onClick={() => (busy ? running.current?.abort() : onClose())}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={path.trim() === ''} loading={busy}>
            Import
          </Button>
        </div>
      </form>
    </Modal>
  )
}
