import { Worker } from 'node:worker_threads'

/** Ends this process by force after `ms`, by a thread of its own: whatever its event loop, a native or an exit handler is busy with. */
export function endWithin(ms: number): void {
  const source = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${ms})`
  // Not with the arguments of this process: the thread would preload what the host has this process preload.
  new Worker(source, { eval: true, env: {}, execArgv: [] }).unref()
}
