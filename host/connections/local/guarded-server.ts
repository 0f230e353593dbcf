import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../../runtime/child-environment.ts'
import { GuardianNews, type GuardianOrder } from './guardian-messages.ts'

/** A server program under its guardian: it never outlives this process. */
export type GuardedServer = Readonly<{
  /** Of the program itself; undefined until it runs. */
  pid: () => number | undefined
  /** Resolves once, with how it ended. */
  gone: Promise<string>
  stop: () => Promise<void>
}>

const LONGEST_LINE = 2_000

export function startGuarded(
  program: string,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): GuardedServer {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const guardian = fork(fileURLToPath(new URL(`./guardian.${extension}`, import.meta.url)), {
    env: childEnvironment(process.env, true),
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let pid: number | undefined
  let how: string | undefined
  guardian.on('message', (raw) => {
    const news = GuardianNews.parse(raw)
    if (news.type === 'running') pid = news.pid
    else how = news.how
  })
  eachLine(guardian.stdout, onLine)
  eachLine(guardian.stderr, onLine)
  const gone = Promise.race([once(guardian, 'exit'), once(guardian, 'error')]).then(() => {
    // Without its guardian nobody would end it.
    if (how === undefined && pid !== undefined) killQuietly(pid)
    pid = undefined
    return how ?? 'its guardian ended'
  })
  const order = (message: GuardianOrder) => guardian.connected && guardian.send(message, () => undefined)
  order({ type: 'run', program, env: { ...env } })
  return {
    pid: () => pid,
    gone,
    stop: async () => {
      order({ type: 'stop' })
      await gone
    },
  }
}

function eachLine(stream: Readable | null, write: (line: string) => void): void {
  if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => write(line.slice(0, LONGEST_LINE)))
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was gone already.
  }
}
