import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'
import { blankAgent } from '../core/agent/blank-agent.ts'
import { AgentId } from '../core/contract/ids.ts'
import { readRunFile } from './http/run-file.ts'
import { spawnHost, type SpawnedHost } from './testing/spawn-host.ts'
import { startTestHost } from './testing/start-test-host.ts'

const content = blankAgent(AgentId.parse('ada'), 'Ada')
const Reply = z.object({
  revision: z.number().optional(),
  processes: z.array(z.object({ sessions: z.number() })).optional(),
})

let dir: string
let spawned: SpawnedHost[]
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'greenroom main é '))
  spawned = []
})
afterEach(async () => {
  for (const { child } of spawned) child.kill('SIGKILL')
  await Promise.all(spawned.map(({ exited }) => exited))
  await rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})
const start = (...flags: string[]): SpawnedHost => {
  const host = spawnHost(dir, ...flags)
  spawned.push(host)
  return host
}

/** An operation through the run file, as the command line asks it; undefined when the host died under it. */
async function ask(name: string, input: unknown): Promise<{ status: number; value: z.infer<typeof Reply> } | undefined> {
  const run = await readRunFile(dir)
  const headers = { authorization: `Bearer ${run?.token}`, 'content-type': 'application/json' }
  try {
    const reply = await fetch(`${run?.origin}/api/op/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
    return { status: reply.status, value: Reply.parse(await reply.json()) }
  } catch {
    // The host was killed while it answered: whether it saved is not known, which is what the test is about.
    return undefined
  }
}

describe('starts', () => {
  test('of many starts at the same instant one is the studio, and the others give its address', async () => {
    const hosts = Array.from({ length: 4 }, () => start())
    const said = await Promise.all(hosts.map((host) => host.next()))
    expect(said.map(({ type }) => type).sort()).toEqual(['elsewhere', 'elsewhere', 'elsewhere', 'ready'])
    const ready = said.find((message) => message.type === 'ready')
    const origin = ready?.type === 'ready' ? ready.origin : ''
    for (const message of said) {
      if (message.type !== 'elsewhere') continue
      expect(message.url.startsWith(`${origin}/?token=`)).toBe(true)
      expect((await fetch(message.url, { redirect: 'manual' })).status).toBe(303)
    }
  })

  test('a run file of a host that is gone, or that another program now answers for, misleads nobody', async () => {
    const stranger = createServer((_, reply) => reply.end('{"url":"http://evil.example"}'))
    await new Promise<void>((resolve) => void stranger.listen(0, '127.0.0.1', resolve))
    const address = stranger.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    await writeFile(join(dir, 'host.json'), JSON.stringify({ pid: 1, origin: `http://127.0.0.1:${port}`, token: 'old' }))
    expect(await start().next()).toMatchObject({ type: 'ready' })
    expect((await readRunFile(dir))?.token).not.toBe('old')
    stranger.close()
  })

  test('a port that is taken, and one that is none, are told in plain words', async () => {
    const blocker = createServer()
    await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve))
    const address = blocker.address()
    const taken = start('--port', String(address !== null && typeof address === 'object' ? address.port : 0))
    expect(await taken.next()).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/is taken/),
      hint: expect.stringMatching(/--port/),
    })
    expect(await taken.exited).toBe(1)
    expect(await start('--port', 'many').next()).toMatchObject({ type: 'failed', message: expect.stringMatching(/not a port/) })
    blocker.close()
  })

  test('--sessions-per-process 1 gives each call a process of its own; what is no number is told', async () => {
    expect(await start('--sessions-per-process', '0').next()).toMatchObject({
      type: 'failed',
      message: expect.stringMatching(/"0" is no number of calls/),
    })
    await start('--sessions-per-process', '1').next()
    const call = { agent_id: 'pte-interview-agent-v1', modality: 'text' }
    expect((await ask('session.start', call))?.status).toBe(200)
    expect((await ask('session.start', call))?.status).toBe(200)
    const { processes = [] } = (await ask('system.info', {}))?.value ?? {}
    expect(processes.map(({ sessions }) => sessions).filter((sessions) => sessions > 0)).toEqual([1, 1])
  })
})

test('a folder that cannot be used is told in plain words', async () => {
  await writeFile(join(dir, 'a file'), '')
  const host = spawnHost(join(dir, 'a file'))
  spawned.push(host)
  expect(await host.next()).toMatchObject({ type: 'failed', hint: expect.stringMatching(/--data/) })
  expect(await host.exited).toBe(1)
})

describe('the shell', () => {
  test('gets fresh tickets and grants, and stops the host', async () => {
    const host = start()
    const ready = await host.next()
    host.child.send({ type: 'ticket' })
    const again = await host.next()
    expect([ready.type, again.type]).toEqual(['ready', 'ready'])
    expect(again).not.toEqual(ready)
    host.child.send({ type: 'grant', request_id: 7, access: 'read', path: join(dir, 'nothing.greenroom') })
    expect(await host.next()).toMatchObject({ type: 'grant', request_id: 7, grant: expect.any(String) })
    host.child.send({ type: 'stop' })
    expect(await host.exited).toBe(0)
    expect(await readRunFile(dir)).toBeUndefined()
  })

  test('takes the host with it when it goes', async () => {
    const host = start()
    await host.next()
    host.child.disconnect()
    expect(await host.exited).toBe(0)
  })

  test('that goes before the host is up leaves none behind', async () => {
    const host = start()
    await once(host.child, 'spawn')
    host.child.disconnect()
    expect(await host.exited).toBe(0)
    expect(await readRunFile(dir)).toBeUndefined()
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends the host in good order', async (signal) => {
    const host = start()
    await host.next()
    host.child.kill(signal)
    expect(await host.exited).toBe(0)
  })
})

test('killed at any moment while saving: every save that was acknowledged is there, and the next start needs no repair', async () => {
  let acknowledged = 0
  let head = 0
  for (let round = 0; round < 3; round += 1) {
    const host = start()
    expect((await host.next()).type).toBe('ready')
    if (round === 0) {
      await ask('agent.create', { source: { kind: 'document', content }, agent_id: 'ada' })
      head = 1
    }
    const saves = 15 + 10 * round
    for (let save = 0; save < saves; save += 1) {
      const sent = ask('agent.save', {
        agent_id: 'ada',
        content: { ...content, description: `${round}/${save}` },
        based_on: head,
      })
      if (save === saves - 1) host.child.kill('SIGKILL')
      const reply = await sent
      if (reply?.status === 200) acknowledged = head = reply.value.revision ?? 0
    }
    await host.exited
    const after = await startTestHost({ data_dir: dir })
    head = (await after.call('agent.get', { agent_id: 'ada' })).head.revision
    expect(head).toBeGreaterThanOrEqual(acknowledged)
    expect((await after.call('agent.revisions', { agent_id: 'ada', limit: 500 })).count).toBe(head)
    expect((await after.call('system.info', {})).recoveries).toEqual([])
    await after.close()
  }
  expect(acknowledged).toBeGreaterThan(50)
})

test('no key, token or word of a document is in the log', async () => {
  const host = start()
  await host.next()
  await ask('agent.create', {
    source: { kind: 'document', content: { ...content, description: 'canary-words' } },
    agent_id: 'ada',
  })
  await ask('agent.create', { source: { kind: 'document', content: { description: 'canary-words' } } })
  await ask('secret.set', { name: '../bad', value: 'sk-canary' })
  const token = (await readRunFile(dir))?.token ?? 'none'
  host.child.send({ type: 'stop' })
  await host.exited
  const log = await readFile(join(dir, 'logs', 'host.log'), 'utf8')
  expect(log).toMatch(/the studio is up/)
  for (const secret of ['canary-words', 'sk-canary', token]) expect(log).not.toContain(secret)
})
