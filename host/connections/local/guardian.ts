/*
 * Runs the LiveKit server for the host. The server does not know of us and would live on when the host is killed: this process holds it,
 * and ends it when the channel to the host closes, however that came. It speaks only while the host listens.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { GuardianOrder, type GuardianNews } from './guardian-messages.ts'

const GRACE_MS = 400

let child: ChildProcess | undefined

const tell = (news: GuardianNews): void => {
  if (process.connected) process.send?.(news)
}

process.on('message', (raw) => {
  const order = GuardianOrder.parse(raw)
  if (order.type === 'run') run(order.program, order.env)
  else end('SIGINT')
})
process.on('disconnect', () => {
  child?.kill('SIGKILL')
  process.exit(0)
})
// A terminal's Ctrl-C goes to the whole group: the host decides what ends, and tells.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

function run(program: string, env: Readonly<Record<string, string>>): void {
  const started = spawn(program, [], { env, stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true })
  child = started
  if (started.pid !== undefined) tell({ type: 'running', pid: started.pid })
  started.once('error', (cause) => leave(`it could not be started: ${cause.message}`))
  started.once('exit', (code, signal) => leave(signal ? `killed by ${signal}` : `exit code ${String(code)}`))
}

function leave(how: string): void {
  if (!process.connected) process.exit(0)
  process.send?.({ type: 'ended', how } satisfies GuardianNews, () => process.exit(0))
}

/** By request first, and after the grace by force. */
function end(signal: NodeJS.Signals): void {
  if (!child) process.exit(0)
  child.kill(signal)
  setTimeout(() => child?.kill('SIGKILL'), GRACE_MS).unref()
}
