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
    const env = { GREENROOM_SECRET_KEY: 'a long passphrase of this test' }
    const api = await spawnServer('serve', { livekit, env, flags: ['--store', store, '--no-worker', '--insecure'] })
    const client = apiOf(api.address)
    const document = {
      agent_id: 'ada',
      prompt_config: { instructions: 'Answer kindly.', greeting: 'Hello, this is Ada.' },
      llm_config: { provider: 'rehearsal', model: 'instant' },
      stt_config: { provider: 'rehearsal' },
      tts_config: { provider: 'espeak' },
    }
    expect(await client.post('/api/v1/agents/config', document)).toMatchObject({ status: 201 })
    const workers = await Promise.all([0, 1].map(() => spawnServer('worker', { livekit, env, flags: ['--store', store] })))
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
    const [holder, other] = (await sessionsOf(workers[0]!)) === 1 ? [workers[0]!, workers[1]!] : [workers[1]!, workers[0]!]
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
    expect((await client.get('/api/v1/sessions')).body).toMatchObject({ count: 1, by_agent: { ada: 1 } })
    expect(await sessionsOf(other)).toBe(1)
    console.info('kill -9 of a worker with its processes → the agent is back in the room, ms:', back_ms)
    expect(back_ms).toBeLessThan(30_000)

    // Another agent, and the end, asked of an instance that does not hold the call.
    await client.post('/api/v1/agents/config', { ...document, agent_id: 'bea' })
    const switching = performance.now()
    expect(await client.post(`/api/v1/sessions/${session_id}/agent`, { agent_id: 'bea' })).toMatchObject({
      status: 200,
      body: { agent_id: 'bea' },
    })
    const switched_ms = Math.round(performance.now() - switching)
    const ending = performance.now()
    expect(await client.delete(`/api/v1/sessions/${session_id}`)).toMatchObject({
      status: 200,
      body: { state: 'ended', end_reason: 'stopped', recoveries: 1 },
    })
    console.info('asked of another instance, ms: switch', switched_ms, 'end', Math.round(performance.now() - ending))
    await caller.until((seen) => seen.some((one) => one.startsWith('-agent-')))
  },
  120_000,
)
