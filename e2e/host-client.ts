import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InputOf, OperationName, OutputOf } from '../core/contract/index.ts'

const ROOT = join(import.meta.dirname, '..')

/** A host without a page, spoken to as the command line speaks to it: by the token in its run file. */
export type HeadlessHost = Readonly<{
  pid: number
  process: ChildProcess
  /** Logs a browser in, once. */
  loginUrl: string
  call: CallHost
  exited: Promise<void>
}>

export type CallHost = <Name extends OperationName>(name: Name, input: InputOf<Name>) => Promise<OutputOf<Name>>

/** Every operation, by the token of a run file. */
export const callHost =
  ({ origin, token }: Readonly<{ origin: string; token: string }>): CallHost =>
  async (name, input) => {
    const response = await fetch(`${origin}/api/op/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const body = await response.json()
    if (!response.ok) throw new Error(`${name}: ${response.status} ${JSON.stringify(body)}`)
    return body
  }

export async function startHost(dataDir: string): Promise<HeadlessHost> {
  const models = process.env.GREENROOM_TEST_MODELS ? ['--models', process.env.GREENROOM_TEST_MODELS] : []
  const child = spawn(
    process.env.GREENROOM_NODE ?? process.execPath,
    [join(ROOT, 'out/host/main.js'), '--data', dataDir, ...models],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const loginUrl = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(chunk.toString())?.[0]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`the host ended with ${code} before it was ready`)))
  })
  return {
    pid: child.pid!,
    process: child,
    loginUrl,
    exited,
    call: callHost(JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8'))),
  }
}
