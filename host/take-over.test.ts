import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { noLiveKit, startLiveKit } from './livekit/testing/livekit-server.ts'
import { joinRoom } from './rooms/testing/start-room-studio.ts'
import { mongod, sharedMongo } from './stores/testing/mongo-for-tests.ts'
import { startProxy } from './stores/testing/tcp-proxy.ts'
import { eventually } from './testing/cluster-load.ts'
import { signalTree } from './testing/signal-tree.ts'
import { apiOf, spawnServer, type SpawnedServer } from './testing/spawn-server.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

/** Whoever has just come, or was away from the store, does not take calls over. */
const STEADY_MS = 5500
const ada = {
  agent_id: 'ada',
  prompt_config: { instructions: 'Answer kindly.', greeting: 'Hello, this is Ada.' },
  llm_config: { provider: 'rehearsal', model: 'instant' },
  stt_config: { provider: 'rehearsal' },
  tts_config: { provider: 'espeak' },
}

const sessionsOf = async (worker: SpawnedServer): Promise<number> =>
  ((await worker.readiness()).body as { worker: { sessions: number } }).worker.sessions

const without = (worker: SpawnedServer) => eventually(async () => ((await sessionsOf(worker)) === 0 ? true : undefined))

/** Somewhere that is told of calls that have ended. */
async function startReceiver() {
  const told: unknown[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      told.push(JSON.parse(body))
      response.writeHead(204).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

test.skipIf(missing || process.platform === 'win32')(
  'a call outlives workers that are killed, cut off from the store, asleep or stopped: another one goes on, once, with what was said',
  async () => {
    const livekit = await startLiveKit()
    onTestFinished(livekit.close)
    // Without a database the first API has SQLite, and everybody else asks it.
    const database = mongod ? await sharedMongo({ replica_set: true }) : undefined
    const env = { GREENROOM_SECRET_KEY: 'a long passphrase of this test', GREENROOM_DRAIN_SECONDS: '1' }
    const startApi = (store: string | undefined) =>
      spawnServer('serve', { livekit, env, flags: [...(store ? ['--store', store] : []), '--no-worker', '--insecure'] })
    const startWorker = (store: string) => spawnServer('worker', { livekit, env, flags: ['--store', store] })
    const api = await startApi(database)
    const store = database ?? api.address
    const proxy = await startProxy(api.address)
    onTestFinished(proxy.close)
    const [second, near] = await Promise.all([startApi(store), startWorker(store)])
    const [client, beside] = [apiOf(api.address), apiOf(second.address)]
    const receiver = await startReceiver()
    expect(await client.post('/api/v1/agents/config', ada)).toMatchObject({ status: 201 })
    expect(await client.post('/api/v1/webhooks', { url: receiver.url })).toMatchObject({ status: 201 })
    await near.answering()

    const { body: minted } = await client.post('/api/livekit/token', { metadata: { agent_id: 'ada' } })
    const caller = await joinRoom(livekit, { token: String(minted['token']) })
    const { session_id } = await client.sessionIn(String(minted['room']))
    /** What the caller says is answered, by the attempt that goes on and by no other. */
    async function answered(words: string, since: number): Promise<number> {
      await caller.say(words)
      const said = await client.journaled(
        session_id,
        'transcript.final',
        (event) => event['text'] === words && Number(event['attempt']) >= since,
      )
      await client.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id === said['turn_id'])
      const agents = [...caller.room.remoteParticipants.values()].map(({ identity }) => identity)
      expect(agents).toEqual([`agent-${session_id}`])
      return Number(said['attempt'])
    }
    const joined = (since: number) => client.journaled(session_id, 'room.joined', ({ attempt }) => Number(attempt) >= since)
    const figures: Record<string, number> = {}
    async function measured<Value>(what: string, done: Promise<Value>): Promise<Value> {
      const from = performance.now()
      const value = await done
      figures[what] = Math.round(performance.now() - from)
      return value
    }

    // A worker whose store is another Greenroom, and which may be cut off from that.
    const far = await startWorker(proxy.url)
    await far.answering()
    expect(await answered('My name is Ana', 1)).toBe(1)
    expect(await sessionsOf(near)).toBe(1)
    await wait(STEADY_MS)

    signalTree(near.child.pid ?? 0, 'SIGKILL')
    await measured('kill -9', joined(2))
    expect(await answered('Are you there again?', 2)).toBe(2)
    expect(await sessionsOf(far)).toBe(1)
    await client.put('/api/v1/agents/config/ada', { prompt_config: { instructions: 'Answer very kindly.' } })
    await client.journaled(session_id, 'config.changed', ({ attempt }) => attempt === 2)
    for (const instance of [client, beside])
      expect((await instance.get('/api/v1/sessions')).body).toMatchObject({ count: 1, by_agent: { ada: 1 } })

    // It reaches LiveKit, but not its store.
    const third = await startWorker(store)
    await third.answering()
    await wait(STEADY_MS)
    proxy.cut()
    await measured('cut off from the store', joined(3))
    await without(far)
    expect(await answered('And now?', 3)).toBe(3)
    proxy.open()
    await eventually(async () => ((await far.readiness()).status === 200 ? true : undefined))
    await wait(STEADY_MS)

    // The whole machine sleeps for longer than its lease, and wakes up as if nothing had happened.
    signalTree(third.child.pid ?? 0, 'SIGSTOP')
    await measured('asleep', joined(4))
    await answered('Who is there?', 4)
    signalTree(third.child.pid ?? 0, 'SIGCONT')
    await without(third)
    const attempt = await answered('Still there?', 4)
    expect(await sessionsOf(far)).toBe(1)
    expect(caller.seen.filter((one) => one.startsWith('+agent-')).every((one) => one === `+agent-${session_id}`)).toBe(true)
    await wait(STEADY_MS)

    // A worker that may wait no longer for the end of its call leaves it to another one, with the caller.
    far.child.kill('SIGTERM')
    await measured('SIGTERM with 1 s to drain', joined(attempt + 1))
    expect(await far.exited).toBe(0)
    expect(await answered('And you?', attempt + 1)).toBe(attempt + 1)
    expect(caller.seen.some((one) => one.includes('conversation-summary'))).toBe(false)

    // Another agent, and the end, asked of an instance that does not hold the call.
    await client.post('/api/v1/agents/config', { ...ada, agent_id: 'bea', routing: { dispatch_by_name: true } })
    // What one instance saves is known to the workers of others, by name.
    await third.answering(2)
    const switched = await measured('switch', client.post(`/api/v1/sessions/${session_id}/agent`, { agent_id: 'bea' }))
    expect(switched).toMatchObject({ status: 200, body: { agent_id: 'bea' } })
    const ended = await measured('end', beside.delete(`/api/v1/sessions/${session_id}`))
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended', end_reason: 'stopped', recoveries: attempt } })
    await caller.until((seen) => seen.some((one) => one.includes('conversation-summary')))
    await caller.until((seen) => seen.at(-1) === 'disconnected' || seen.at(-1) === `-agent-${session_id}`)
    const summary = caller.seen.findLast((one) => one.includes('conversation-summary')) ?? ''
    expect(summary).toContain('ended: stopped')
    // Over all attempts.
    expect(Number(/(\d+) of them by the caller/.exec(summary)?.[1])).toBeGreaterThanOrEqual(6)
    expect(Number(/in (\d+) s/.exec(summary)?.[1]) * 1000).toBeGreaterThan(4 * STEADY_MS)
    await eventually(async () => receiver.told.at(0))
    expect(receiver.told).toMatchObject([{ type: 'session.ended', data: { session: { session_id, end_reason: 'stopped' } } }])
    console.info('a call goes on elsewhere, ms:', figures)

    // Nobody else is there: then its calls end with it.
    const { body: again } = await beside.post('/api/livekit/token', { metadata: { agent_id: 'ada' } })
    const late = await joinRoom(livekit, { token: String(again['token']) })
    const last = await client.sessionIn(String(again['room']))
    await client.journaled(last.session_id, 'turn.committed')
    third.child.kill('SIGTERM')
    await late.until((seen) => seen.some((one) => one.startsWith('-agent-')))
    expect(await third.exited).toBe(0)
    expect((await beside.get(`/api/v1/sessions/${last.session_id}`)).body).toMatchObject({
      state: 'ended',
      end_reason: 'studio_closed',
    })
  },
  240_000,
)
