import type { OutputOf } from '../../core/contract/index.ts'
import { Badge } from '../ui/badge.tsx'
import classes from './settings.module.css'

type Process = OutputOf<'system.info'>['processes'][number]

const KINDS: Readonly<Record<Process['kind'], string>> = {
  session: 'Calls',
  speech: 'Built-in speech',
  espeak: 'espeak-ng',
  llm: 'Built-in LLM',
  worker: 'Worker',
  livekit: 'LiveKit server',
}
const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })

/** What runs beside the host; each part that can crash has a process of its own. */
export const Processes = ({ processes }: { processes: readonly Process[] }) => (
  <section className={classes.card} aria-label="Processes">
    <h2 className={classes.heading}>Processes</h2>
    {processes.length === 0 ? (
      <p className={classes.text}>None at the moment. A call starts what it needs, and it ends by itself.</p>
    ) : (
      <table className={classes.table}>
        <thead>
          <tr>
            <th>Process</th>
            <th>State</th>
            <th>Calls</th>
            <th>Memory</th>
            <th>Id</th>
          </tr>
        </thead>
        <tbody>
          {processes.map(({ pid, kind, state, sessions, memory_mb }) => (
            <tr key={pid}>
              <td>{KINDS[kind]}</td>
              <td>
                <Badge tone={state === 'ready' ? 'good' : 'warn'}>{state}</Badge>
              </td>
              <td>{sessions}</td>
              <td>{number.format(memory_mb)} MB</td>
              <td className="mono">{pid}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
)
