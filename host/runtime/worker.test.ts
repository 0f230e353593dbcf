import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { AgentDispatchClient, RoomAgentDispatch, RoomServiceClient } from 'livekit-server-sdk'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startAgentProtocolServer } from '../../agent-runtime/worker/testing/agent-protocol-server.ts'
import { noLiveKit, startLiveKit } from '../livekit/testing/livekit-server.ts'
import { connection, exposure, startWorker, type ServerKeys } from './testing/start-worker.ts'

/*
 * The real worker process, driven through its supervisor: against a server that speaks the protocol and nothing else, and the same again
 * against a real livekit-server where one is found.
 */
const missing = noLiveKit()
const servers = [
  { kind: 'a server that speaks the agent protocol', start: startAgentProtocolServer },
  { kind: missing ?? 'a real livekit-server', start: startLiveKit, skip: missing !== undefined },
]

const LONG = 30_000
const dispatcher = ({ url, api_key, api_secret }: ServerKeys) =>
  new AgentDispatchClient(url.replace('ws', 'http'), api_key, api_secret)
const claimsOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe.each(servers)('$kind', ({ start, skip }) => {
  const start1 = async () => {
    const server = await start()
    onTestFinished(server.close)
    return server
  }
  const it = test.skipIf(skip)

  it('two names of one process are registered, and each gets its own jobs with the identity that the host chose', async () => {
    const server = await start1()
    const { worker, assigned, offered, until, find } = startWorker()
    worker.expose([exposure(server, 'ada'), exposure(server, 'bob')])
    await Promise.all([worker.ready(connection, 'ada', LONG), worker.ready(connection, 'bob', LONG)])
    expect(worker.state()).toMatchObject({ state: 'ready', registrations: [{ state: 'ready' }, { state: 'ready' }] })
    await dispatcher(server).createDispatch('room one', 'ada', { metadata: '{"purpose":"support"}' })
    await dispatcher(server).createDispatch('room two', 'bob')
    await until(() => assigned.length === 2)
    const ada = assigned.find(({ dispatch_name }) => dispatch_name === 'ada')!
    expect(ada).toMatchObject({ room_name: 'room one', metadata: '{"purpose":"support"}', connection_id: connection })
    expect(claimsOf(ada.token)).toMatchObject({
      sub: `agent-${ada.job_id}`,
      kind: 'agent',
      name: 'ada',
      metadata: '{"by":"test"}',
      attributes: { tier: 'gold' },
      video: { room: 'room one', roomJoin: true, agent: true },
    })
    expect(offered.map(({ dispatch_name }) => dispatch_name).sort()).toEqual(['ada', 'bob'])
    expect([find('ada')?.jobs, find('bob')?.jobs]).toEqual([1, 1])
    worker.job(connection, ada.job_id, 'success')
    expect([find('ada')?.jobs, find('bob')?.jobs]).toEqual([0, 1])
  })

  it('without a name it gets every new room, and a named agent of its own only what asks for it', async () => {
    const server = await start1()
    const { worker, assigned, until } = startWorker()
    worker.expose([exposure(server, ''), exposure(server, 'ada')])
    await Promise.all([worker.ready(connection, '', LONG), worker.ready(connection, 'ada', LONG)])
    const rooms = new RoomServiceClient(server.url.replace('ws', 'http'), server.api_key, server.api_secret)
    await rooms.createRoom({ name: 'plain' })
    await until(() => assigned.length === 1)
    await rooms.createRoom({ name: 'with ada', agents: [new RoomAgentDispatch({ agentName: 'ada', metadata: 'm' })] })
    await until(() => assigned.length === 2)
    expect(assigned).toMatchObject([
      { room_name: 'plain', dispatch_name: '', metadata: '' },
      { room_name: 'with ada', dispatch_name: 'ada', metadata: 'm' },
    ])
  })

  it('names come and go without touching the others; a name with a call leaves when the call has ended', async () => {
    const server = await start1()
    const { worker, assigned, until, find, runtime } = startWorker()
    worker.expose([exposure(server, 'ada')])
    await worker.ready(connection, 'ada', LONG)
    const { worker_id } = find('ada')!
    worker.expose([exposure(server, 'ada'), exposure(server, 'bob')])
    await worker.ready(connection, 'bob', LONG)
    await dispatcher(server).createDispatch('room', 'bob')
    await until(() => assigned.length === 1)
    worker.expose([exposure(server, 'ada')])
    await until(() => find('bob')?.state === 'draining')
    worker.job(connection, assigned[0]!.job_id, 'success')
    await until(() => find('bob') === undefined)
    expect(find('ada')).toMatchObject({ state: 'ready', worker_id })
    worker.expose([])
    await until(() => worker.state().state === 'off' && runtime.processes().length === 0)
    expect(worker.state().log.join('\n')).not.toContain('it starts again')
    worker.expose([exposure(server, 'ada')])
    await worker.ready(connection, 'ada', LONG)
  })

  it('while it drains it takes no job and ends none; another worker of the same name takes them', async () => {
    const server = await start1()
    const { worker, assigned, offered, terminated, until, find } = startWorker()
    worker.expose([exposure(server, 'ada')])
    await worker.ready(connection, 'ada', LONG)
    await dispatcher(server).createDispatch('first', 'ada')
    await until(() => assigned.length === 1)
    worker.drain(true)
    await until(() => find('ada')?.state === 'draining')
    expect(worker.state()).toMatchObject({ state: 'draining', registrations: [{ jobs: 1 }] })
    await expect(worker.ready(connection, 'ada', LONG)).rejects.toMatchObject({ code: 'unavailable' })
    const other = startWorker()
    other.worker.expose([exposure(server, 'ada')])
    await other.worker.ready(connection, 'ada', LONG)
    await dispatcher(server).createDispatch('second', 'ada')
    await other.until(() => other.assigned.length === 1)
    other.worker.drain(true)
    worker.drain(false)
    await until(() => find('ada')?.state === 'ready')
    await other.until(() => other.find('ada')?.state === 'draining')
    await dispatcher(server).createDispatch('third', 'ada')
    await until(() => assigned.length === 2)
    expect(offered.map(({ room_name }) => room_name)).toEqual(['first', 'third'])
    expect(terminated).toEqual([])
  })

  it('a wrong secret and an unknown key are told as such, and mended by the right ones', async () => {
    const server = await start1()
    const { worker, until, find } = startWorker()
    worker.expose([exposure({ ...server, api_secret: 'another secret of 32 characters..' }, 'ada')])
    await expect(worker.ready(connection, 'ada', LONG)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('The API secret does not belong to this API key (401).'),
    })
    expect(worker.state()).toMatchObject({ state: 'failed', registrations: [{ state: 'failed' }] })
    worker.expose([exposure({ ...server, api_key: 'nobody' }, 'ada')])
    await until(() => find('ada')?.reason === 'The server does not know this API key (401).')
    worker.expose([exposure(server, 'ada')])
    await worker.ready(connection, 'ada', LONG)
    expect(find('ada')?.reason).toBeUndefined()
  })

  it('registers again when the server comes back, however long it was away', async () => {
    const server = await start1()
    const { worker, assigned, until, find } = startWorker()
    worker.expose([exposure(server, 'ada'), exposure(server, 'bob')])
    await worker.ready(connection, 'bob', LONG)
    await server.kill()
    const nobody = `Nothing answers at ${new URL(server.url).host}: is the server running?`
    await until(() => worker.state().registrations.every(({ state, reason }) => state === 'lost' && reason === nobody))
    expect(worker.state().state).toBe('lost')
    await server.restart()
    // By itself, without anybody asking.
    await until(() => find('ada')?.state === 'ready' && find('bob')?.state === 'ready')
    await dispatcher(server).createDispatch('room', 'bob')
    await until(() => assigned.length === 1)
  })

  it('a worker that is killed is back with all its names, and the host knows meanwhile', async () => {
    const server = await start1()
    const { worker, assigned, states, until, find, pid } = startWorker()
    worker.expose([exposure(server, 'ada'), exposure(server, 'bob')])
    await Promise.all([worker.ready(connection, 'ada', LONG), worker.ready(connection, 'bob', LONG)])
    await dispatcher(server).createDispatch('before', 'ada')
    await until(() => assigned.length === 1)
    const first = pid()!
    process.kill(first, 'SIGKILL')
    await until(() => states.some(({ state, reason }) => state === 'lost' && reason?.includes('killed by SIGKILL')))
    await until(() => find('ada')?.state === 'ready' && find('bob')?.state === 'ready')
    expect(pid()).not.toBe(first)
    // The call goes on in its session process.
    expect(find('ada')?.jobs).toBe(1)
    expect(worker.state().log.join('\n')).toContain('killed by SIGKILL')
    await dispatcher(server).createDispatch('after', 'bob')
    await until(() => assigned.length === 2)
    worker.job(connection, assigned[0]!.job_id, 'success')
    expect(find('ada')?.jobs).toBe(0)
  })

  it('a host that is killed leaves no worker', async () => {
    const server = await start1()
    const host = fork(fileURLToPath(new URL('./testing/host-with-worker.ts', import.meta.url)), { silent: true })
    onTestFinished(() => void host.kill('SIGKILL'))
    host.send(exposure(server, 'ada'))
    const [pids] = (await once(host, 'message')) as [number[]]
    expect(pids).toHaveLength(1)
    host.kill('SIGKILL')
    await vi.waitUntil(() => !pids.some(isRunning), { timeout: LONG })
  })
})
