import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { StudioError } from '../../../core/contract/errors.ts'
import { childEnvironment } from '../../runtime/child-environment.ts'
import { guardPreload } from '../../runtime/runtime-entry.ts'
import { ConvertReply } from './convert-task.ts'
import type { ConvertTask } from './convert-task.ts'
import type { FolderFacts } from './describe-folder.ts'

export type ConversionProgress = Omit<Extract<ConvertReply, { type: 'progress' }>, 'type'>

/** Works in a child process without a network, which ends with the signal and with the host. Throws StudioError, or the signal's reason. */
export async function runConversion(
  task: ConvertTask,
  signal: AbortSignal,
  onProgress: (progress: ConversionProgress) => void = () => undefined,
): Promise<FolderFacts> {
  signal.throwIfAborted()
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const entry = fileURLToPath(new URL(`./convert-process.${extension}`, import.meta.url))
  const child = fork(entry, {
    env: childEnvironment(process.env, true),
    execArgv: ['--import', guardPreload()],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const result = await new Promise<ConvertReply>((resolve, reject) => {
      child.on('message', (raw) => {
        const reply = ConvertReply.safeParse(raw)
        if (!reply.success) resolve({ type: 'failed', message: 'what it found in the file cannot be' })
        else if (reply.data.type === 'progress') onProgress(reply.data)
        else resolve(reply.data)
      })
      child.once('error', reject)
      child.once('exit', (code, by) => resolve({ type: 'failed', message: `it ended early (${by ?? code ?? 'unknown'})` }))
      child.send(task, (error) => error && reject(error))
    })
    signal.throwIfAborted()
    if (result.type === 'done') return result.facts
    throw result.type === 'refused' ? new StudioError('unsupported', result.message, result.hint) : notConverted(result)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

const notConverted = (result: ConvertReply) =>
  new StudioError(
    'runtime_failed',
    `The model could not be made ready: ${result.type === 'failed' ? result.message : 'it did not say why'}`,
    'Look for free memory and disk space, then try again.',
  )
