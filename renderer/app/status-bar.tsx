import { useConnection } from '../client/studio-context.tsx'
import { useOperation } from '../client/use-operation.ts'
import { Keys } from '../ui/keys.tsx'
import { navigate } from '../client/route.ts'
import { machineWords } from './machine-words.ts'
import classes from './app.module.css'

const WORDS = { online: 'Ready', connecting: 'Connecting…', offline: 'No connection', logged_out: 'Logged out' } as const
const memory = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })

/** What runs on this machine, and how much of a call the models here can do. */
export function StatusBar({ onHelp }: { onHelp: () => void }) {
  const connection = useConnection()
  const { value: info } = useOperation('system.info', {}, ['processes.changed'])
  const { value: models } = useOperation('model.list', {}, ['model.changed'])
  const processes = info?.processes ?? []
  const sessions = processes.reduce((sum, { sessions: count }) => sum + count, 0)
  const used = processes.reduce((sum, { memory_mb }) => sum + memory_mb, 0)
  return (
    <footer className={classes.status}>
      <span role="status">
        <span className={classes.dot} data-state={connection} />
        {WORDS[connection]}
      </span>
      {models && (
        <button type="button" className={classes.statusButton} onClick={() => navigate({ screen: 'models' })}>
          {machineWords(models.models)}
        </button>
      )}
      {processes.length > 0 && (
        <button type="button" className={classes.statusButton} onClick={() => navigate({ screen: 'settings' })}>
          {processes.length} {processes.length === 1 ? 'process' : 'processes'}
          {used > 0 && ` · ${memory.format(used)} MB`}
        </button>
      )}
      {sessions > 0 && (
        <span>
          {sessions} {sessions === 1 ? 'call' : 'calls'} running
        </span>
      )}
      <span className={classes.statusEnd}>
        <button type="button" className={classes.statusButton} onClick={onHelp}>
          Shortcuts <Keys keys="?" />
        </button>
        {info && <span>Greenroom {info.version}</span>}
      </span>
    </footer>
  )
}
