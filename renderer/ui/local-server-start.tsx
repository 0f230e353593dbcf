import { Button, Progress } from '@mantine/core'
import { IconDownload, IconPlayerPlay } from '@tabler/icons-react'
import { isModelProgress, type JobProgress, type LocalLiveKit } from '../../core/contract/index.ts'
import { fetchedPercent, type LocalServerDeeds } from '../client/use-local-server.ts'
import { ErrorNote } from './error-note.tsx'
import { progressText } from './fetch-state.ts'
import classes from './local-server-start.module.css'

type Props = Readonly<{ server: LocalLiveKit; deeds: LocalServerDeeds; lan?: boolean; onReady?: () => void }>

/** Where the local LiveKit server does not run: one button starts it, and fetches it first where it is not on this machine. */
export function LocalServerStart({ server, deeds, lan = false, onReady }: Props) {
  const { state, offered, reason } = server
  const missing = state === 'missing'
  const start = async () => {
    if (await deeds.start({ download: missing, lan })) onReady?.()
  }
  if (state === 'ready') return null
  if (deeds.busy || state === 'starting')
    return <Starting progress={deeds.progress} onCancel={deeds.busy ? deeds.cancel : undefined} />
  return (
    <div className={classes.start}>
      {missing && !offered && (
        <p className={classes.text}>
          No <code className="mono">livekit-server</code> was found on this machine, and nothing is published for its platform.
          Put one on the PATH, or name it in <code className="mono">GREENROOM_LIVEKIT_SERVER</code>, and start Greenroom again.
        </p>
      )}
      {missing && offered && (
        <p className={classes.text}>
          It is not on this machine yet. Version {offered.version} is {offered.size_mb.toFixed(0)} MB, comes from{' '}
          <span className={classes.from}>{offered.from}</span>, and is checked before it runs.
        </p>
      )}
      {state === 'failed' && reason !== undefined && <p className={classes.bad}>{reason}</p>}
      {(!missing || offered) && (
        <Button
          variant="filled"
          leftSection={missing ? <IconDownload size={14} /> : <IconPlayerPlay size={14} />}
          onClick={() => void start()}
        >
          {missing ? 'Get and start a local server' : 'Start a local server'}
        </Button>
      )}
      {deeds.error && <ErrorNote error={deeds.error} onRetry={() => void start()} />}
    </div>
  )
}

const wordsOf = (progress: JobProgress | undefined): string => {
  if (!progress) return 'Starting the local server…'
  if (isModelProgress(progress)) return progressText(progress)
  return progress.detail ?? 'Starting the local server…'
}

function Starting({ progress, onCancel }: { progress: JobProgress | undefined; onCancel: (() => void) | undefined }) {
  const percent = fetchedPercent(progress)
  return (
    <div className={classes.row}>
      <div className={classes.grow}>
        <Progress
          size="sm"
          value={percent ?? 100}
          animated={percent === undefined}
          aria-label="Progress of the local LiveKit server"
        />
        <span className={classes.text} role="status">
          {wordsOf(progress)}
        </span>
      </div>
      {onCancel && <Button onClick={onCancel}>Cancel</Button>}
    </div>
  )
}
