import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:net'
import { generate } from 'selfsigned'
import { expect, onTestFinished, test } from 'vitest'
import { startAgentProtocolServer } from '../../agent-runtime/worker/testing/agent-protocol-server.ts'
import { connection, exposure, startWorker } from './testing/start-worker.ts'

const LONG = 30_000

async function startServer() {
  const server = await startAgentProtocolServer()
  onTestFinished(server.close)
  return server
}

async function port(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a job that the host refuses goes to another worker; one that the host cannot decide is refused too', async () => {
  const server = await startServer()
  const busy = startWorker({ onOffer: async () => ({ accept: false, reason: 'not for this agent' }) })
  busy.worker.expose([exposure(server, 'ada')])
  await busy.worker.ready(connection, 'ada', LONG)
  expect(await server.dispatch('ada', 'alone')).toMatchObject({ taken: false })
  const free = startWorker()
  free.worker.expose([exposure(server, 'ada')])
  await free.worker.ready(connection, 'ada', LONG)
  expect(await server.dispatch('ada', 'room')).toMatchObject({ taken: true })
  await free.until(() => free.assigned.length === 1)
  expect(busy.offered.map(({ room_name }) => room_name)).toEqual(['alone', 'room'])
  expect(busy.worker.state().log.join('\n')).toContain('not for this agent')

  const broken = startWorker({ onOffer: () => Promise.reject(new Error('the database is gone')) })
  broken.worker.expose([exposure(server, 'bob')])
  await broken.worker.ready(connection, 'bob', LONG)
  expect(await server.dispatch('bob', 'room')).toMatchObject({ taken: false })
})

test('an offer that the host does not answer is refused in its name, and a late yes is called off', async () => {
  const server = await startServer()
  let decide = (): void => undefined
  const decided = new Promise<void>((resolve) => (decide = resolve))
  const { worker, terminated, until } = startWorker({
    onOffer: async ({ job_id }) => {
      await decided
      return { accept: true, identity: job_id, name: '', metadata: '', attributes: {} }
    },
  })
  worker.expose([exposure(server, 'ada')])
  await worker.ready(connection, 'ada', LONG)
  const { job_id, taken } = await server.dispatch('ada', 'room')
  expect(taken).toBe(false)
  decide()
  await until(() => terminated.includes(job_id))
})

test('the server hears how a job goes, and the host that the server wants it to end', async () => {
  const server = await startServer()
  const { worker, terminated, until } = startWorker()
  worker.expose([exposure(server, 'ada')])
  await worker.ready(connection, 'ada', LONG)
  const [first, second, third] = [
    await server.dispatch('ada', 'one'),
    await server.dispatch('ada', 'two'),
    await server.dispatch('ada', 'three'),
  ]
  worker.job(connection, first.job_id, 'running')
  worker.job(connection, first.job_id, 'success')
  worker.job(connection, second.job_id, 'failed', 'no agent for it')
  await server.until(() => server.events.includes(`job ${second.job_id} JS_FAILED no agent for it`))
  expect(server.events).toContain(`job ${first.job_id} JS_SUCCESS `)
  server.terminate(third.job_id)
  await until(() => terminated.includes(third.job_id))
})

test('the server hears the load; a full worker is offered nothing', async () => {
  const server = await startServer()
  const { worker } = startWorker()
  worker.setLoad(0.25, 1)
  worker.expose([exposure(server, 'ada')])
  await worker.ready(connection, 'ada', LONG)
  await server.until(() => server.workers()[0]?.load() === 0.25)
  worker.setLoad(1, 4)
  await server.until(() => server.workers()[0]?.isAvailable() === false)
  expect(worker.state()).toMatchObject({ sessions: 4, load: 1, state: 'ready' })
  expect(await server.dispatch('ada', 'room')).toMatchObject({ taken: false })
  worker.setLoad(0, 0)
  await server.until(() => server.workers()[0]?.isAvailable() === true)
})

test('one connection that drops takes no other with it, and its jobs go on', async () => {
  const server = await startServer()
  const { worker, states, terminated, until, find } = startWorker()
  worker.expose([exposure(server, 'ada'), exposure(server, 'bob')])
  await Promise.all([worker.ready(connection, 'ada', LONG), worker.ready(connection, 'bob', LONG)])
  const { job_id } = await server.dispatch('ada', 'room')
  const bob = find('bob')
  server
    .workers()
    .find((one) => one.name() === 'ada')
    ?.drop()
  await server.until(() => server.events.filter((event) => event === 'registered ada').length === 2)
  await until(() => find('ada')?.state === 'ready')
  expect(find('ada')?.jobs).toBe(1)
  expect(find('bob')).toEqual(bob)
  expect(states.filter((one) => one.dispatch_name === 'bob' && one.state === 'lost')).toEqual([])
  // The server is told of what runs, and has forgotten it, as the real one has.
  await server.until(() => server.events.includes(`unknown job ${job_id}`))
  expect(terminated).toEqual([])
})

test('what is no LiveKit server is told in plain words', async () => {
  const { worker, until, find, offline } = startWorker()
  const web = await port(createServer((_request, response) => void response.end('hello')))
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'elsewhere' }])
  const tls = await port(createTlsServer({ key, cert }))
  const keys = { api_key: 'k', api_secret: 's' }
  offline.set(true)
  worker.expose(
    [
      ['web', `ws://127.0.0.1:${web}`],
      ['plain', `wss://127.0.0.1:${web}`],
      ['untrusted', `wss://127.0.0.1:${tls}`],
      ['unencrypted', `ws://127.0.0.1:${tls}`],
      ['beyond', 'wss://livekit.example'],
      ['no address', 'livekit'],
    ].map(([name = '', url = '']) => exposure({ ...keys, url }, name)),
  )
  const reasonOf = (name: string) => find(name)?.reason
  await until(() => worker.state().registrations.every(({ reason }) => reason !== undefined))
  expect(reasonOf('web')).toBe(`There is no LiveKit server at 127.0.0.1:${web}, or it takes no agents: it answers with 200.`)
  expect(reasonOf('plain')).toBe(`127.0.0.1:${web} does not speak TLS: use ws://, or a port that does.`)
  expect(reasonOf('untrusted')).toBe(`The certificate of 127.0.0.1:${tls} is not trusted here.`)
  expect(find('unencrypted')?.state).toBe('lost')
  expect(reasonOf('beyond')).toBe('Offline mode is on: nothing is connected beyond this machine.')
  expect(reasonOf('no address')).toMatch(/must begin with ws:/)
  expect(worker.state().state).toBe('lost')
})

test.runIf(existsSync('/proc/self/environ'))('keys are in no argument, environment, log or state', async () => {
  const server = await startServer()
  const { worker, until, find, lines, pid } = startWorker()
  worker.expose([exposure(server, 'ada'), exposure({ ...server, api_secret: `${server.api_secret}-wrong` }, 'bob')])
  await worker.ready(connection, 'ada', LONG)
  await until(() => find('bob')?.state === 'failed')
  const seen = [
    readFileSync(`/proc/${pid()}/cmdline`, 'utf8'),
    readFileSync(`/proc/${pid()}/environ`, 'utf8'),
    ...lines,
    JSON.stringify(worker.state()),
  ].join('\n')
  expect(seen).toContain('Registered')
  expect(seen).not.toContain(server.api_secret)
  // Of a token, which the server repeats in its refusal.
  expect(seen).not.toContain('eyJ')
})
