import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { signClaim } from './livekit/tenant-claim.ts'
import { noLiveKit, startLiveKit } from './livekit/testing/livekit-server.ts'
import { foreignToken, joinRoom } from './rooms/testing/start-room-studio.ts'
import { startIssuer } from './testing/start-issuer.ts'
import { apiOf, spawnServer, type Api } from './testing/spawn-server.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const REHEARSED = {
  llm_config: { provider: 'rehearsal', model: 'instant' },
  stt_config: { provider: 'rehearsal' },
  tts_config: { provider: 'espeak' },
}
const greets = (agent_id: string, more: object = {}) => ({
  agent_id,
  prompt_config: { instructions: 'Answer kindly.', greeting: `Hello, this is ${agent_id}.` },
  ...REHEARSED,
  ...more,
})

async function livekit() {
  const server = await startLiveKit()
  onTestFinished(server.close)
  return server
}

test.skipIf(missing)(
  'clients of every kind get the right agent: by token of ours with metadata, by dispatch of their own, by each rule; tenants never meet',
  async () => {
    const server = await livekit()
    const issuer = await startIssuer()
    const served = await spawnServer('serve', { livekit: server, env: issuer.env })
    const operator = apiOf(served.address, await served.first_key)
    expect(await operator.post('/api/v1/agents/config', greets('ada', { routing: { dispatch_by_name: true } }))).toMatchObject({
      status: 201,
    })
    expect(await operator.post('/api/v1/agents/config', greets('bill', { routing: { purposes: ['billing'] } }))).toMatchObject({
      status: 201,
    })
    await operator.post('/api/v1/agents/config', greets('dora'))
    const premium = { routing: { attributes: [{ key: 'tier', equals: ['premium'] }] } }
    expect(await operator.post('/api/v1/agents/config', greets('prima', premium))).toMatchObject({ status: 201 })
    // A web page's server, with a token of the identity provider.
    const person = apiOf(served.address, await issuer.sign({ sub: 'ann', tenant: 'default', role: 'caller' }))
    await operator.post('/api/agents/dora/set-default')
    await served.answering(2)

    /** Joins, hears the greeting of the agent, says something and gets an answer. */
    async function talk(api: Api, room: string, token: string) {
      const asked = performance.now()
      const caller = await joinRoom(server, { token })
      await caller.until((seen) => seen.some((one) => one.startsWith('+agent-')))
      const came_ms = Math.round(performance.now() - asked)
      const session = await api.sessionIn(room)
      const greeting = await api.journaled(session.session_id, 'turn.committed')
      await caller.say('Good day')
      await api.journaled(session.session_id, 'turn.committed', ({ turn_id }) => turn_id !== greeting['turn_id'])
      return { ...session, came_ms, caller }
    }
    async function call(api: Api, body: object, as = api) {
      const { status, body: minted } = await as.post('/api/livekit/token', body)
      expect(minted).toMatchObject({ url: server.url, token: expect.any(String) })
      expect(status).toBe(200)
      return { ...(await talk(api, String(minted['room']), String(minted['token']))), room: String(minted['room']) }
    }

    // C: the token route, with metadata as an object, as text, without a room name.
    const came: number[] = []
    const named = await call(operator, { roomName: 'one', userName: 'Ana', metadata: { agent_id: 'ada', user_id: 'u1' } })
    expect(named).toMatchObject({ room: 'default-one', agent_id: 'ada', route: 'explicit' })
    came.push(named.came_ms)
    // Others at the same time; C as well: tokens of their own, whose dispatch, job or caller names the agent.
    const own = await foreignToken(server, { room: 'own', identity: 'cleo', agentName: 'ada' })
    const common = await foreignToken(server, {
      room: 'own2',
      identity: 'cleo',
      agentName: 'greenroom',
      dispatch_metadata: '{"purpose":"BILLING"}',
    })
    const inToken = await foreignToken(server, {
      room: 'own3',
      identity: 'cleo',
      agentName: 'greenroom',
      metadata: '{"agent_name":"ada"}',
    })
    const others = await Promise.all([
      call(operator, { userName: 'Ben', metadata: '{"purpose":"Billing"}' }),
      call(operator, { metadata: { agentName: 'ada' } }),
      call(operator, {}),
      talk(operator, 'own', own),
      talk(operator, 'own2', common),
      talk(operator, 'own3', inToken),
      call(operator, { metadata: { user_details: { tier: 'Premium' } } }, person),
    ])
    expect(others.map(({ agent_id, route }) => [agent_id, route])).toEqual([
      ['bill', 'purpose'],
      ['ada', 'explicit'],
      ['dora', 'tenant_default'],
      ['ada', 'explicit'],
      ['bill', 'purpose'],
      ['ada', 'explicit'],
      ['prima', 'attributes'],
    ])
    // B: an agent of the short API is reached by its name.
    const short = { name: 'groq agent', instructions: 'Answer kindly.', llm: { provider: 'rehearsal', model: 'instant' } }
    expect(await operator.post('/api/agents', short)).toMatchObject({ status: 201 })
    expect(await operator.put('/api/v1/routing/weights', { arms: [{ agent_id: 'bill', weight: 1 }] })).toMatchObject({
      status: 200,
    })
    const weighed = call(operator, { metadata: { user_id: 'u7' } })
    const quick = await operator.post('/api/livekit/token', { metadata: { agent_name: 'groq agent' } })
    const inShort = await joinRoom(server, { token: String(quick.body['token']) })
    await inShort.until((seen) => seen.some((one) => one.startsWith('+agent-')))
    expect(await operator.sessionIn(String(quick.body['room']))).toMatchObject({ agent_id: 'groq-agent' })
    expect(await weighed).toMatchObject({ agent_id: 'bill', route: 'weights' })

    // What a caller may not have is refused by its path; a room that is there is refused.
    const callerKey = await operator.post('/api/v1/keys', { name: 'page', role: 'caller' })
    const page = apiOf(served.address, String(callerKey.body['value']))
    expect(await page.post('/api/livekit/token', { metadata: { overrides: { llm_config: { model: 'x' } } } })).toMatchObject({
      status: 403,
      body: { error: { code: 'forbidden', problems: [{ path: '/metadata/overrides' }] } },
    })
    expect(await page.post('/api/livekit/token', { metadata: { tenant_id: 'acme' } })).toMatchObject({
      status: 403,
      body: { error: { problems: [{ path: '/metadata/tenant_id' }] } },
    })
    expect(
      await operator.post('/api/livekit/token', { metadata: { overrides: { tts_config: { voice_id: 'x' }, tools: [] } } }),
    ).toMatchObject({
      status: 403,
      body: { error: { problems: [{ path: '/metadata/overrides/tools' }] } },
    })
    expect(await page.post('/api/livekit/token', { roomName: 'one' })).toMatchObject({ status: 409 })
    expect(await page.get('/api/v1/sessions')).toMatchObject({ status: 403 })

    // Another tenant has an agent of the same name; neither hears of the other.
    const made = await operator.post('/api/v1/tenants', { tenant_id: 'acme', name: 'Acme' })
    const acme = apiOf(served.address, String(made.body['value']))
    await acme.post('/api/v1/agents/config', greets('ada', { name: 'Ada of Acme' }))
    const theirs = await call(acme, { roomName: 'one', metadata: { agent_id: 'ada' } })
    expect(theirs).toMatchObject({ room: 'acme-one', agent_id: 'ada', agent_name: 'Ada of Acme' })
    expect(await operator.get(`/api/v1/sessions/${theirs.session_id}`)).toMatchObject({ status: 404 })
    expect((await acme.get('/api/v1/sessions')).body).toMatchObject({ count: 1, by_agent: { ada: 1 } })
    // A save of one tenant changes no call of another.
    await acme.put('/api/v1/agents/config/ada', { prompt_config: { greeting: 'Changed.' } })
    await acme.journaled(theirs.session_id, 'config.changed')
    const ours = await operator.get(`/api/v1/sessions/${named.session_id}/journal`)
    expect(ours.body['events'].some(({ type }: { type: string }) => type === 'config.changed')).toBe(false)
    // Metadata that says another tenant is never followed, nor is a claim that was not signed here, or for another room.
    const other = await foreignToken(server, {
      room: 'x1',
      identity: 'eve',
      agentName: 'greenroom',
      dispatch_metadata: '{"tenant_id":"acme","agent_id":"ada"}',
    })
    const eve = await joinRoom(server, { token: other })
    await eve.until((seen) => seen.some((one) => one.includes('conversation-summary') && one.includes('acme')))
    expect(await operator.sessionIn('x1')).toMatchObject({ state: 'ended', end_reason: 'no_agent' })
    for (const [room, secret, claimed] of [
      ['x2', 'wrong', 'x2'],
      ['x3', server.api_secret, 'another room'],
    ] as const) {
      const claim = signClaim(secret, { tenant_id: 'acme' as never, room_name: claimed, expires_at: Date.now() + 60_000 })
      const forged = await foreignToken(server, {
        room,
        identity: 'eve',
        agentName: 'greenroom',
        dispatch_metadata: JSON.stringify({ greenroom_claim: claim }),
      })
      const thief = await joinRoom(server, { token: forged })
      await thief.until((seen) => seen.some((one) => one.includes('conversation-summary') && one.includes('claim')))
      expect(await operator.sessionIn(room)).toMatchObject({ state: 'ended', end_reason: 'no_agent' })
    }

    // Limits: told where the token is asked for, and in the room when it is too late for that.
    await operator.put('/api/v1/quotas', { tenant_id: 'acme', sessions: 2 })
    const [second, third] = [await acme.post('/api/livekit/token'), await acme.post('/api/livekit/token')]
    await talk(acme, String(second.body['room']), String(second.body['token']))
    const late = await joinRoom(server, { token: String(third.body['token']) })
    await late.until((seen) => seen.some((one) => one.includes('conversation-summary') && one.includes('2 calls at once')))
    expect(await acme.sessionIn(String(third.body['room']))).toMatchObject({ end_reason: 'quota_exceeded' })
    await late.until((seen) => seen.includes('disconnected'))
    expect(await acme.post('/api/livekit/token')).toMatchObject({ status: 429, body: { error: { code: 'quota_exceeded' } } })

    // The end, from outside.
    expect(await acme.delete(`/api/v1/sessions/${theirs.session_id}`)).toMatchObject({
      status: 200,
      body: { end_reason: 'stopped' },
    })
    await theirs.caller.until((seen) => seen.some((one) => one.startsWith('-agent-')))
    console.info('join with our token → agent in the room, ms:', came)
  },
  180_000,
)

test.skipIf(missing)(
  'SIGTERM: a call that goes on is served to its end, new ones are refused, and the exit code is 0; wrong keys are told at once',
  async () => {
    const server = await livekit()
    const wrong = { ...server, api_secret: 'not the secret of this server at all' }
    const [served, refused] = await Promise.all([
      spawnServer('serve', { livekit: server, flags: ['--insecure'] }),
      spawnServer('serve', { livekit: wrong, flags: ['--insecure'] }),
    ])
    const api = apiOf(served.address)
    await api.post('/api/v1/agents/config', greets('ada'))
    await served.answering()
    const { body } = await api.post('/api/livekit/token', { metadata: { agent_id: 'ada' } })
    const caller = await joinRoom(server, { token: String(body['token']) })
    const { session_id } = await api.sessionIn(String(body['room']))
    const greeting = await api.journaled(session_id, 'turn.committed')
    // Another one beside it, whose operator has made a mistake.
    const why = { state: 'failed', reason: 'The API secret does not belong to this API key (401).' }
    while (((await refused.readiness()).body['worker'] as { state: string }).state !== why.state) await wait(50)
    expect((await refused.readiness()).body).toMatchObject({ worker: why })
    expect(await apiOf(refused.address).post('/api/livekit/token')).toMatchObject({
      body: {
        error: {
          message: expect.stringContaining('refuses the API key or its secret'),
          hint: expect.stringContaining('LIVEKIT_API_SECRET'),
        },
      },
    })
    served.child.kill('SIGTERM')
    while ((await served.readiness()).status !== 503) await wait(50)
    expect((await served.readiness()).body).toMatchObject({ ready: false, draining: true })
    expect(await api.post('/api/livekit/token', { metadata: { agent_id: 'ada' } })).toMatchObject({ status: 503 })
    await caller.say('Are you still there?')
    await api.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id !== greeting['turn_id'])
    await caller.room.disconnect()
    expect(await served.exited).toBe(0)
  },
  120_000,
)

test.skipIf(missing)(
  'a worker of one tenant, for some agents: GREENROOM_TENANT, AGENT_FILTER; calls in which nobody says anything end',
  async () => {
    const server = await livekit()
    const env = { GREENROOM_TENANT: 'acme', AGENT_FILTER: 'ada', GREENROOM_IDLE_SECONDS: '3' }
    const served = await spawnServer('serve', { livekit: server, flags: ['--insecure'], env })
    const operator = apiOf(served.address)
    const acme = apiOf(
      served.address,
      String((await operator.post('/api/v1/tenants', { tenant_id: 'acme', name: 'Acme' })).body['value']),
    )
    for (const [api, agent_id] of [
      [acme, 'ada-two'],
      [acme, 'zed'],
      [operator, 'zed'],
      [operator, 'ada-one'],
    ] as const)
      expect(await api.post('/api/v1/agents/config', greets(agent_id))).toMatchObject({ status: 201 })
    await served.answering()
    const join = async (room: string, agent_id: string) => {
      const dispatch_metadata = JSON.stringify({ agent_id })
      return joinRoom(server, {
        token: await foreignToken(server, { room, identity: 'cleo', agentName: 'greenroom', dispatch_metadata }),
      })
    }
    const unserved = await join('for zed', 'zed')
    const caller = await join('for ada', 'ada-two')
    const { session_id } = await acme.sessionIn('for ada')
    await acme.journaled(session_id, 'turn.committed')
    // What a token of ours says of the tenant is above the worker's own.
    const { body } = await operator.post('/api/livekit/token', { metadata: { agent_id: 'ada-one' } })
    await joinRoom(server, { token: String(body['token']) })
    expect(await operator.sessionIn(String(body['room']))).toMatchObject({ agent_id: 'ada-one' })

    await caller.until((seen) => seen.some((one) => one.startsWith('-agent-')))
    const ended = await acme.journaled(session_id, 'session.ended')
    expect(ended).toMatchObject({ reason: 'inactive' })
    expect((await operator.get('/api/v1/sessions?state=all')).body['sessions']).toHaveLength(1)
    expect((await acme.get('/api/v1/sessions?state=all')).body['sessions']).toHaveLength(1)
    expect(unserved.seen.some((one) => one.startsWith('+agent-'))).toBe(false)
  },
  120_000,
)
