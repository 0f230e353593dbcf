import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { noLiveKit, startLiveKit } from './livekit/testing/livekit-server.ts'
import { joinRoom } from './rooms/testing/start-room-studio.ts'
import { mongod, sharedMongo } from './stores/testing/mongo-for-tests.ts'
import { apiOf, spawnServer } from './testing/spawn-server.ts'

const missing = noLiveKit() ?? (mongod ? undefined : 'no MongoDB: set GREENROOM_TEST_MONGOD to run these tests')
if (missing) test.skip(missing)

test.skipIf(missing)(
  'kill -9 of a whole worker: another one goes on with its call, once, with what was said; calls are ended from any instance',
  async () => {
    const livekit = await startLiveKit()
    onTestFinished(livekit.close)
    const store = await sharedMongo({ replica_set: true })
    const env = { GREENROOM_SECRET_KEY: 'a long passphrase of this test', GREENROOM_DRAIN_SECONDS: '1' }
    const startApi = () => spawnServer('serve', { livekit, env, flags: ['--store', store, '--no-worker', '--insecure'] })
    const startWorker = () => spawnServer('worker', { livekit, env, flags: ['--store', store] })
    const [api, second] = await Promise.all([startApi(), startApi()])
    const [client, beside] = [apiOf(api.address), apiOf(second.address)]
    const document = {
      agent_id: 'ada',
      prompt_config: { instructions: 'Answer kindly.', greeting: 'Hello, this is Ada.' },
      llm_config: { provider: 'rehearsal', model: 'instant' },
      stt_config: { provider: 'rehearsal' },
      tts_config: { provider: 'espeak' },
    }
    expect(await client.post('/api/v1/agents/config', document)).toMatchObject({ status: 201 })
    const workers = await Promise.all([startWorker(), startWorker()])
    await Promise.all(workers.map((worker) => worker.answering()))

    const { body: minted } = await client.post('/api/livekit/token', { metadata: { agent_id: 'ada' } })
    const caller = await joinRoom(livekit, { token: String(minted['token']) })
    const { session_id } = await client.sessionIn(String(minted['room']))
    const greeting = await client.journaled(session_id, 'turn.committed')
    await caller.say('My name is Ana')
    const before = await client.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id !== greeting['turn_id'])
    expect(before).toMatchObject({ attempt: 1 })
    const sessionsOf = async (worker: (typeof workers)[number]) =>
      ((await worker.readiness()).body as { worker: { sessions: number } }).worker.sessions
    const [holder, other] = (await sessionsOf(workers[0])) === 1 ? [workers[0], workers[1]] : [workers[1], workers[0]]
    // Ready for some time: whoever has just come does not take calls over.
    await wait(5000)

    const killed = performance.now()
    holder.child.kill('SIGKILL')
    await client.journaled(session_id, 'room.joined', ({ attempt }) => attempt === 2)
    const back_ms = Math.round(performance.now() - killed)
    await caller.say('Are you there again?')
    const said = await client.journaled(session_id, 'transcript.final', ({ attempt }) => attempt === 2)
    await client.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id === said['turn_id'])
    expect(caller.seen.filter((one) => one.startsWith('+agent-')).every((one) => one === `+agent-${session_id}`)).toBe(true)
    for (const instance of [client, beside])
      expect((await instance.get('/api/v1/sessions')).body).toMatchObject({ count: 1, by_agent: { ada: 1 } })
    expect(await sessionsOf(other)).toBe(1)
    console.info('kill -9 of a worker with its processes → the agent is back in the room, ms:', back_ms)
    expect(back_ms).toBeLessThan(30_000)

    // A worker that may wait no longer for the end of its call leaves it to another one, with the caller.
    const third = await startWorker()
    await third.answering()
    await wait(5500)
    const ended = performance.now()
    other.child.kill('SIGTERM')
    await client.journaled(session_id, 'room.joined', ({ attempt }) => attempt === 3)
    console.info(
      'SIGTERM with 1 s to drain → the agent of another worker is in the room, ms:',
      Math.round(performance.now() - ended),
    )
    expect(await other.exited).toBe(0)
    await caller.say('And now?')
    const heard = await client.journaled(session_id, 'transcript.final', ({ attempt }) => attempt === 3)
    await client.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id === heard['turn_id'])
    expect(caller.seen.some((one) => one.includes('conversation-summary'))).toBe(false)

    // Another agent, and the end, asked of an instance that does not hold the call.
    await client.post('/api/v1/agents/config', { ...document, agent_id: 'bea', routing: { dispatch_by_name: true } })
    // What one instance saves is known to the workers of others, by name.
    await third.answering(2)
    const switching = performance.now()
    expect(await client.post(`/api/v1/sessions/${session_id}/agent`, { agent_id: 'bea' })).toMatchObject({
      status: 200,
      body: { agent_id: 'bea' },
    })
    const switched_ms = Math.round(performance.now() - switching)
    const ending = performance.now()
    expect(await beside.delete(`/api/v1/sessions/${session_id}`)).toMatchObject({
      status: 200,
      body: { state: 'ended', end_reason: 'stopped', recoveries: 2 },
    })
    console.info('asked of another instance, ms: switch', switched_ms, 'end', Math.round(performance.now() - ending))
    await caller.until((seen) => seen.filter((one) => one.startsWith('-agent-')).length === 3)

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
  180_000,
)
