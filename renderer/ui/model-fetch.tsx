import { Button, Progress } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useModelFetch } from '../client/use-model-fetch.ts'
import { downloadTime } from './download-time.ts'
import { ErrorNote } from './error-note.tsx'
import { percent, progressText } from './fetch-state.ts'
import { formatBytes } from './format.ts'
import classes from './model-fetch.module.css'

type Props = Readonly<{
  /** A model or a set, as `model.get` takes it. */
  id: string
  /** `the offline set`. */
  name: string
  download_bytes: number
  onDone: () => void
}>

/** One button fetches models to this machine, with its size and time said before, progress, and a way to stop. */
export function ModelFetch({ id, name, download_bytes, onDone }: Props) {
  const { progress, error, get, cancel } = useModelFetch(id, onDone)
  return (
    <div className={classes.fetch}>
      {progress ? (
        <div className={classes.row}>
          <div className={classes.grow}>
            <Progress size="sm" value={percent(progress)} aria-label={`Progress of ${name}`} />
            <span className={classes.text} role="status">
              {progressText(progress)}
            </span>
          </div>
          <Button onClick={() => void cancel()}>Cancel</Button>
        </div>
      ) : (
        <div className={classes.row}>
          <Button leftSection={<IconDownload size={14} />} onClick={() => void get()}>
            Get {name} · {formatBytes(download_bytes)}
          </Button>
          <span className={classes.text}>{downloadTime(download_bytes)}, once</span>
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={() => void get()} />}
    </div>
  )
}
