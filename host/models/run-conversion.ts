import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { StudioError } from '../../core/contract/errors.ts'
import { childEnvironment } from '../runtime/child-environment.ts'
import { ConvertResult } from './convert-task.ts'
import type { ConvertTask } from './convert-task.ts'

/** Converts in a child process, which ends with the signal and with the host. Throws StudioError `runtime_failed`, or the signal's reason. */
export async function runConversion(task: ConvertTask, signal: AbortSignal): Promise<void> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = fileURLToPath(new URL(`./convert-process.${extension}`, import.meta.url))
  const child = fork(entry, { env: childEnvironment(process.env, true), execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const result = await new Promise<ConvertResult>((resolve, reject) => {
      child.once('message', (raw) => resolve(ConvertResult.parse(raw)))
      child.once('error', reject)
      child.once('exit', (code, by) => resolve({ type: 'failed', message: `it ended early (${by ?? code ?? 'unknown'})` }))
      child.send(task, (error) => error && reject(error))
    })
    signal.throwIfAborted()
    if (result.type === 'failed') throw notConverted(result.message)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

const notConverted = (reason: string) =>
  new StudioError(
    'runtime_failed',
    `The speech models could not be made ready: ${reason}`,
    'Look for free memory and disk space, then fetch them again.',
  )
