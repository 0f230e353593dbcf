import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { HostToShell } from '../../core/contract/shell.ts'

export type SpawnedHost = Readonly<{
  child: ChildProcess
  /** What it said over IPC, in order. */
  said: readonly HostToShell[]
  /** The next thing that it says. */
  next: () => Promise<HostToShell>
  exited: Promise<number | null>
}>

/** `host/main.ts` as a process of its own, with this process as its shell. */
export function spawnHost(data_dir: string, ...flags: readonly string[]): SpawnedHost {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../main.ts', import.meta.url)), '--data', data_dir, ...flags], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const said: HostToShell[] = []
  const waiting: ((message: HostToShell) => void)[] = []
  let taken = 0
  child.on('message', (message: HostToShell) => {
    said.push(message)
    waiting.shift()?.(message)
  })
  return {
    child,
    said,
    next: () => {
      const known = said[taken]
      taken += 1
      return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push(resolve))
    },
    exited: once(child, 'exit').then(([code]: (number | null)[]) => code ?? null),
  }
}
