import { setTimeout as pause } from 'node:timers/promises'
import { StudioError } from '../../../core/contract/errors.ts'
import { createBackOff } from '../../runtime/back-off.ts'
import { deferred } from '../../runtime/deferred.ts'
import { startGuarded, type GuardedServer } from './guarded-server.ts'
import { serverEnvironment, type ServerConfig } from './server-config.ts'

/** A server that is started again whenever it dies, with the same keys and ports: who was in a room comes back to it. */
export type SupervisedServer = Readonly<{
  state: () => 'starting' | 'ready' | 'gone'
  /** Why it is not ready, once it was. */
  reason: () => string | undefined
  pid: () => number | undefined
  /** Of the first start: rejects with `unavailable` when that fails. Later ones are tried for ever. */
  ready: Promise<void>
  stop: () => Promise<void>
}>

export type SuperviseOptions = Readonly<{
  program: string
  config: ServerConfig
  onLine: (line: string) => void
  onChange: () => void
  /** What it said last. */
  lastLine: () => string | undefined
}>

const START_WITHIN_MS = 20_000
const ASK_EVERY_MS = 25

export function superviseServer({ program, config, onLine, onChange, lastLine }: SuperviseOptions): SupervisedServer {
  const backOff = createBackOff()
  const first = deferred<void>()
  let state: 'starting' | 'ready' | 'gone' = 'starting'
  let reason: string | undefined
  let current: GuardedServer | undefined
  let timer: NodeJS.Timeout | undefined
  let wasReady = false
  let stopped = false

  function launch(): void {
    const began = performance.now()
    const server = startGuarded(program, serverEnvironment(config), onLine)
    current = server
    void answers(config.port, server.gone).then((answered) => {
      if (stopped || current !== server) return
      if (!answered) return void server.stop()
      wasReady = true
      state = 'ready'
      reason = undefined
      first.resolve()
      onChange()
    })
    void server.gone.then((how) => {
      current = undefined
      if (stopped) return
      if (wasReady) {
        state = 'starting'
        reason = `The server ended (${how}) and is started again.`
        timer = setTimeout(launch, backOff(performance.now() - began))
      } else {
        state = 'gone'
        first.reject(notStarted(how, lastLine()))
      }
      onChange()
    })
  }

  launch()
  first.promise.catch(() => undefined) // whoever waits for it hears it
  return {
    state: () => state,
    reason: () => reason,
    pid: () => current?.pid(),
    ready: first.promise,
    async stop() {
      stopped = true
      state = 'gone'
      clearTimeout(timer)
      first.reject(new StudioError('cancelled', 'The local LiveKit server was stopped.', 'Start it again.'))
      await current?.stop()
    },
  }
}

/** False when it ended, or stayed silent for too long. */
async function answers(port: number, gone: Promise<string>): Promise<boolean> {
  let over = false
  void gone.then(() => (over = true))
  const until = performance.now() + START_WITHIN_MS
  while (!over && performance.now() < until) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) })).ok) return !over
    } catch {
      // Not yet.
    }
    await pause(ASK_EVERY_MS)
  }
  return false
}

const notStarted = (how: string, last: string | undefined): StudioError =>
  new StudioError(
    'unavailable',
    `The local LiveKit server did not start (${how})${last === undefined ? '.' : `: ${last}`}`,
    'Its log is in Settings → LiveKit. Another version of livekit-server may help.',
  )
