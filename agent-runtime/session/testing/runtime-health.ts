import type { ChildProcess } from 'node:child_process'
import { FromRuntime } from '../../../core/contract/runtime.ts'

/** Whether a session process is well: what it logged as an error, and what it holds open. */
export type RuntimeHealth = Readonly<{
  /** Unhandled rejections, uncaught exceptions and other errors in its log. */
  faults: () => readonly string[]
  /** How many handles of each kind it has. */
  resources: () => Promise<Record<string, number>>
}>

const MARK = 'resources '
const ON_SIGNAL = `process.on('SIGUSR2', () => {
  const names = process.getActiveResourcesInfo()
  const text = '${MARK}' + JSON.stringify(names)
  process.send({ type: 'log', level: 'debug', text })
})`

export function runtimeHealth(child: ChildProcess): RuntimeHealth {
  const faults: string[] = []
  let tell: ((names: readonly string[]) => void) | undefined
  child.on('message', (raw) => {
    const message = FromRuntime.safeParse(raw).data
    if (message?.type !== 'log') return
    if (message.text.startsWith(MARK)) tell?.(JSON.parse(message.text.slice(MARK.length)) as string[])
    else if (message.level === 'error') faults.push(message.text)
  })
  return {
    faults: () => faults,
    async resources() {
      const names = await new Promise<readonly string[]>((resolve) => {
        tell = resolve
        child.kill('SIGUSR2')
      })
      const counts: Record<string, number> = {}
      for (const name of names) counts[name] = (counts[name] ?? 0) + 1
      return counts
    },
  }
}

/** For the process that is to be asked. */
runtimeHealth.execArgv = ['--import', `data:text/javascript,${encodeURIComponent(ON_SIGNAL)}`]
