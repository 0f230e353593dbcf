import { channel } from 'node:diagnostics_channel'
import { Worker } from 'node:worker_threads'

/** Who is heard here has loaded, and will notice the end of its host by itself. */
export const LOADED_CHANNEL = 'greenroom.loaded'

const LOOK_EVERY_MS = 250

/**
 * Ends this process when its host is gone, by a thread of its own: `disconnect` is only heard by an event loop that runs, and it does not
 * while hundreds of modules are loaded or a native computes, which takes seconds on a busy machine. The thread costs 9 MB, so that
 * processes of which there are many give it up once they have loaded.
 */
export function endWithHost(host: number): void {
  const watch = new Worker(WATCH, {
    eval: true,
    workerData: host,
    env: {},
    // Not what this process was started with: the thread would preload a thread.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8 },
  })
  watch.unref()
  // Without the thread it ends as soon as its event loop hears of it.
  watch.on('error', () => undefined)
  channel(LOADED_CHANNEL).subscribe(() => void watch.terminate())
}

/** The parent changes when it dies, and on Windows, where it never changes, cannot be found any more. By force: exit handlers may hang too. */
const WATCH = `
const { workerData: host } = require('node:worker_threads')
const isGone = () => {
  if (process.platform !== 'win32') return process.ppid !== host
  try {
    return !process.kill(host, 0)
  } catch {
    return true
  }
}
const look = () => {
  if (isGone()) process.kill(process.pid, 'SIGKILL')
}
look()
setInterval(look, ${LOOK_EVERY_MS})
`
