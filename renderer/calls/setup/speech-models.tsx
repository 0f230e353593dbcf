import { Button, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { isModelProgress, type ModelProgress, type ModelSet } from '../../../core/contract/index.ts'
import type { StudioError } from '../../../core/contract/errors.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { toStudioError } from '../../client/use-operation.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatBytes } from '../../ui/format.ts'
import classes from './setup.module.css'

const PHASE: Readonly<Record<ModelProgress['phase'], string>> = {
  downloading: 'Downloading',
  verifying: 'Checking',
  converting: 'Preparing',
  measuring: 'Measuring',
  done: 'Done',
}

/** Built-in speech is not here yet: one button fetches it, with progress and a way to stop. */
export function SpeechModels({ set, onInstalled }: { set: ModelSet; onInstalled: () => void }) {
  const studio = useStudio()
  const [progress, setProgress] = useState<ModelProgress>()
  const [running, setRunning] = useState<AbortController>()
  const [error, setError] = useState<StudioError>()
  const mounted = useRef(true)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false // the job goes on at the host; only this view of it ends
    }
  }, [])

  const get = async () => {
    const stop = new AbortController()
    setRunning(stop)
    setError(undefined)
    try {
      await studio.call(
        'model.get',
        { id: set.set_id },
        { signal: stop.signal, onProgress: (now) => mounted.current && isModelProgress(now) && setProgress(now) },
      )
      onInstalled()
    } catch (cause) {
      const failure = toStudioError(cause)
      if (mounted.current && failure.code !== 'cancelled') setError(failure)
    } finally {
      if (mounted.current) {
        setRunning(undefined)
        setProgress(undefined)
      }
    }
  }

  return (
    <div className={classes.models}>
      <p className={classes.modelsText}>
        <strong>Built-in speech is not on this machine yet.</strong> It understands what you say and answers with a natural voice,
        offline. Without it you can type, or speak and let rehearsal use your script.
      </p>
      {running ? (
        <div className={classes.progress}>
          <Progress.Root size="sm">
            <Progress.Section
              value={progress && progress.total_bytes > 0 ? (progress.done_bytes / progress.total_bytes) * 100 : 0}
              aria-label="Getting the speech models"
            />
          </Progress.Root>
          <span className={classes.progressText} role="status">
            {progress
              ? `${PHASE[progress.phase]} ${progress.item} · ${formatBytes(progress.done_bytes)} of ${formatBytes(progress.total_bytes)}`
              : 'Starting'}
          </span>
          <Button size="compact-xs" onClick={() => running.abort()}>
            Cancel
          </Button>
        </div>
      ) : (
        <Button leftSection={<IconDownload size={14} />} onClick={() => void get()}>
          Get speech models · {formatBytes(set.download_bytes)}
        </Button>
      )}
      {error && <ErrorNote error={error} onRetry={() => void get()} />}
    </div>
  )
}
