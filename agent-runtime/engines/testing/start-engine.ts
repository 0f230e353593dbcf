import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FromEngine } from '../../../core/contract/engine.ts'
import type { ToEngine } from '../../../core/contract/engine.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'

export type StartedEngine = Readonly<{ child: ChildProcess; address: EngineAddress; ended: Promise<unknown> }>

export async function newAddress(): Promise<EngineAddress> {
  const token = randomUUID()
  if (process.platform === 'win32') return { path: `\\\\.\\pipe\\greenroom test ü ${token}`, token }
  return { path: join(await mkdtemp(join(tmpdir(), 'engine ü ')), 'engine'), token }
}

/** Starts a real engine process as the host does, and resolves when it listens. Throws what it says when it fails. */
export async function startEngine(
  entry: 'speech' | 'espeak' | 'llm',
  address: EngineAddress,
  models_dir?: string,
): Promise<StartedEngine> {
  const child = fork(fileURLToPath(new URL(`../../${entry}.ts`, import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit')
  const heard = messages(child, ended)
  await heard('ready')
  child.send({ type: 'listen', ...address, ...(models_dir === undefined ? {} : { models_dir }) } satisfies ToEngine)
  await heard('listening')
  return { child, address, ended }
}

const messages = (child: ChildProcess, ended: Promise<unknown>) => (type: FromEngine['type']) =>
  new Promise<FromEngine>((resolve, reject) => {
    child.on('message', (raw) => {
      const message = FromEngine.parse(raw)
      if (message.type === type) resolve(message)
      if (message.type === 'failed') reject(new Error(message.message))
    })
    void ended.then(() => reject(new Error('the engine ended')))
  })
