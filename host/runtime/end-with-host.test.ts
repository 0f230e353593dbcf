import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { LOADED_CHANNEL } from './end-with-host.ts'

const HOST = fileURLToPath(new URL('./testing/host-of-one.ts', import.meta.url))
const BLOCKED = 'for (;;);'

/** A host whose one child runs this source; resolves when the child has said something. */
async function startHost(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-loading-'))
  writeFileSync(join(folder, 'entry.mjs'), source)
  const host = fork(HOST, [join(folder, 'entry.mjs')], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  // Nobody writes to it any more when host and child are gone.
  const closed = once(host.stdout!.resume(), 'close')
  const [said]: unknown[] = await once(host, 'message')
  onTestFinished(() => {
    host.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  return { host, said, closed }
}

test('a process whose event loop does not run yet ends with its killed host', async () => {
  const took: number[] = []
  for (const source of [
    `process.send('loading', () => { ${BLOCKED} })`,
    `process.send('loading'); setImmediate(() => { ${BLOCKED} })`,
  ]) {
    const { host, closed } = await startHost(source)
    const killed = performance.now()
    host.kill('SIGKILL')
    await closed
    took.push(Math.round(performance.now() - killed))
  }
  console.info('kill -9 of the host → a process with a blocked event loop is gone, ms:', took)
})

test('one that has loaded puts its things in order before it ends', async () => {
  const { host, closed } = await startHost(`
    import { channel } from 'node:diagnostics_channel'
    channel('${LOADED_CHANNEL}').publish()
    process.once('disconnect', () => setTimeout(() => process.stdout.write('in order', () => process.exit(0)), 600))
    process.send('loaded')
  `)
  const said: string[] = []
  host.stdout!.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  host.kill('SIGKILL')
  await closed
  expect(said.join('')).toBe('in order')
})

test('the child of a child, started as it was itself, lives as long as its own parent', async () => {
  const { host, said, closed } = await startHost(`
    import { fork } from 'node:child_process'
    if (process.argv[2] === 'below') {
      setTimeout(() => process.send('alive'), 600)
    } else {
      const below = fork(import.meta.filename, ['below'])
      below.once('message', (said) => {
        below.removeAllListeners('exit')
        process.send(said)
      })
      below.once('exit', () => process.send('ended early'))
    }
  `)
  expect(said).toBe('alive')
  host.kill('SIGKILL')
  await closed
})
