import { createServer, connect } from 'node:net'
import { once } from 'node:events'
import { text as readText } from 'node:stream/consumers'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { AgentId, SessionId } from '../../core/contract/ids.ts'
import { document } from './testing/document.ts'
import { scope, startSessions, watch } from './testing/start-sessions.ts'

test('a call is started, answered, stopped and kept', async () => {
  const studio = await startSessions()
  const { session, media_path } = await studio.start()
  expect(session).toMatchObject({ agent_id: 'ada', agent_name: 'Ada', revision: 1, state: 'active', attempt: 1 })
  expect(media_path).toBe(`/media/${session.session_id}`)

  const page = await studio.watch(session.session_id)
  await studio.say(session.session_id, 'Good morning')
  await page.journaled('turn.committed')
  expect(await studio.sessions.stop(scope, session.session_id)).toMatchObject({
    state: 'ended',
    end_reason: 'stopped',
    turn_count: 1,
    preview: 'Good morning',
    silence_p50_ms: 10,
  })
  expect(page.journal().map(({ type, seq }) => [seq, type])).toEqual([
    [1, 'session.started'],
    [2, 'turn.started'],
    [3, 'transcript.final'],
    [4, 'field.done'],
    [5, 'output.done'],
    [6, 'turn.committed'],
    [7, 'session.ended'],
  ])
  const { events, more } = await studio.sessions.journal(scope, session.session_id, { attempt: 0, seq: 0 }, 100)
  expect(events).toEqual(page.journal())
  expect(more).toBe(false)
  expect(studio.events.at(-1)).toMatchObject({ type: 'session.changed', session: { state: 'ended' } })
})

test('what cannot be called says why', async () => {
  const studio = await startSessions()
  await expect(studio.start({ agent_id: AgentId.parse('nobody') })).rejects.toMatchObject({ code: 'not_found' })
  studio.heads.set('ada', { revision: 1, content: document, enabled: false })
  await expect(studio.start()).rejects.toMatchObject({ code: 'conflict', message: '"Ada" is disabled.' })
  studio.heads.set('ada', {
    revision: 1,
    content: { ...document, llm_config: { provider: 'openai-compatible', api_key: 'secret:mine' } },
    enabled: true,
  })
  await expect(studio.start()).rejects.toMatchObject({ code: 'provider_failed', message: expect.stringContaining('secret:mine') })
})

test('a process gets exactly the keys that its agent names', async () => {
  const studio = await startSessions({ secrets: { 'secret:mine': 'canary-1', 'env:OPENAI_API_KEY': 'canary-2' } })
  const content = { ...document, llm_config: { provider: 'openai-compatible', api_key: 'secret:mine' } }
  studio.heads.set('ada', { revision: 1, content, enabled: true })
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  await studio.say(session.session_id, 'hello')
  expect((await page.journaled('turn.committed')).spoken).toContain('secrets secret:mine)')
})

test('without the built-in speech set a voice call uses what is there, and says so first', async () => {
  const studio = await startSessions()
  const { session } = await studio.start({ modality: 'voice' })
  const page = await studio.watch(session.session_id)
  await page.journaled('session.started')
  expect(page.journal().slice(0, 2)).toMatchObject([
    { type: 'provider.substituted', kind: 'stt', asked: 'builtin', used: 'rehearsal', seq: 1 },
    { type: 'provider.substituted', kind: 'tts', asked: 'builtin', used: 'espeak-ng', seq: 2 },
  ])
  expect(studio.runtime.processes().map(({ kind, state }) => [kind, state])).toContainEqual(['espeak', 'ready'])
})

test('a saved change reaches the running call, and a bad one is told without ending it', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  studio.save({ ...document, name: 'Ada 2' }, 2)
  expect(await page.journaled('config.changed')).toMatchObject({ revision: 2 })
  studio.save({ ...document, llm_config: { provider: 'openai-compatible', api_key: 'secret:none' } }, 3)
  const { error } = await page.journaled('session.error')
  expect(error.message).toContain('The saved change is not used in this call: The key "secret:none"')
  await studio.say(session.session_id, 'hello')
  expect((await page.journaled('turn.committed')).spoken).toContain('revision 2')
})

test('whoever goes offline during a call goes on with what is on this machine', async () => {
  const studio = await startSessions()
  studio.heads.set('ada', {
    revision: 1,
    content: { ...document, llm_config: { provider: 'openai-compatible', base_url: 'https://llm.example/v1', model: 'm' } },
    enabled: true,
  })
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  studio.goOffline()
  expect(await page.journaled('provider.substituted')).toMatchObject({ asked: 'openai-compatible m', used: 'rehearsal' })
  expect(await page.journaled('config.changed')).toMatchObject({ revision: 1 })
})

test('a failure that only the page saw is in the journal', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const live = await studio.sessions.live(scope, session.session_id)
  const error = { code: 'media_failed' as const, message: 'The microphone was refused.', hint: 'Allow it.', problems: [] }
  live.note({ type: 'session.error', source: 'microphone', error, recoverable: true })
  await studio.say(session.session_id, 'typed instead')
  const page = await studio.watch(session.session_id)
  await page.journaled('turn.committed')
  expect(
    page
      .journal()
      .map(({ type }) => type)
      .slice(0, 3),
  ).toEqual(['session.started', 'session.error', 'turn.started'])
  expect(page.journal().map(({ seq }) => seq)).toEqual(page.journal().map((_, index) => index + 1))
  expect(await studio.sessions.summary(scope, session.session_id)).toMatchObject({ error: 'The microphone was refused.' })
})

test('a call that the process cannot end is ended all the same', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  await studio.say(session.session_id, 'deaf')
  expect(await studio.sessions.stop(scope, session.session_id)).toMatchObject({ state: 'ended', end_reason: 'stopped' })
  await expect(studio.say(session.session_id, 'still there?')).rejects.toMatchObject({ code: 'conflict' })
})

test('calls are listed newest first, found by what was said, deleted and brought back', async () => {
  const studio = await startSessions()
  const ids: SessionId[] = []
  for (const words of ['about the café in Lyon', 'about 100% of nothing']) {
    const { session } = await studio.start()
    const page = await studio.watch(session.session_id)
    await studio.say(session.session_id, words)
    await page.journaled('turn.committed')
    await studio.sessions.stop(scope, session.session_id)
    ids.push(session.session_id)
  }
  const found = async (q?: string) => {
    const { rows } = await studio.sessions.list(scope, { limit: 10, ...(q !== undefined && { q }) })
    return rows.map(({ session_id }) => session_id)
  }
  expect(await found()).toEqual([ids[1], ids[0]])
  expect(await found('cafe lyo')).toEqual([ids[0]])
  expect(await found('"echo: abo')).toEqual([ids[1], ids[0]])
  expect(await found('100%')).toEqual([ids[1]])
  expect(await found('ADA stopped')).toEqual([ids[1], ids[0]])
  expect(await found('zebra')).toEqual([])

  const deleted = await studio.sessions.setDeleted(scope, ids[0]!, true)
  expect(deleted.deleted_at).toBeTypeOf('number')
  expect(await found()).toEqual([ids[1]])
  expect(await studio.sessions.setDeleted(scope, ids[0]!, true)).toEqual(deleted)
  expect(await studio.sessions.setDeleted(scope, ids[0]!, false)).not.toHaveProperty('deleted_at')
  expect(await found()).toHaveLength(2)
  const missing = SessionId.parse(v7())
  await expect(studio.sessions.setDeleted(scope, missing, true)).rejects.toMatchObject({ code: 'not_found' })
})

test('an audio socket goes to the process that holds the call; a dead end is closed with its code', async () => {
  const studio = await startSessions()
  const { session } = await studio.start({ modality: 'voice' })
  const key = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
  const upgrade = async (id: string) => {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const client = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1')
    const [socket] = await once(server, 'connection')
    await studio.sessions.attachMedia(scope, id, { headers: key, head: Buffer.alloc(0), socket })
    server.close()
    return readText(client)
  }
  expect(await upgrade(session.session_id)).toBe(
    `taken over by ${studio.runtime.processes().find(({ kind }) => kind === 'session')?.pid}`,
  )
  await studio.sessions.stop(scope, session.session_id)
  expect(await upgrade(session.session_id)).toMatch(/^HTTP\/1.1 101 .*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=.*This call has ended\.$/s)
  expect(await upgrade('no-such-call')).toMatch(/There is no such call\.$/)
  const { session: typed } = await studio.start()
  expect(await upgrade(typed.session_id)).toMatch(/A text call has no audio\.$/)
  expect(await studio.sessions.summary(scope, typed.session_id)).toMatchObject({ state: 'active' })
})

test('a slow page gets a snapshot instead of a backlog', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  let buffered = 0
  const fast = await studio.watch(session.session_id)
  const slow = await watch(studio.sessions, session.session_id, undefined, () => buffered)
  await slow.until(() => slow.messages.find(({ type }) => type === 'snapshot'))
  buffered = 2_000_000
  await studio.say(session.session_id, 'slow 500')
  await studio.say(session.session_id, 'open for now')
  await fast.until(() => (fast.all().filter(({ type }) => type === 'field.delta').length === 501 ? true : undefined))
  const before = slow.messages.length
  buffered = 0
  await slow.until(() => slow.messages.slice(before).find(({ type }) => type === 'snapshot'))
  expect(slow.journal()).toEqual(fast.journal())
  expect(slow.all().filter(({ type }) => type === 'field.delta')).toHaveLength(1)
  expect(slow.messages.at(-1)).toMatchObject({
    type: 'snapshot',
    events: [{ type: 'field.started' }, { type: 'field.delta', text: '0 ' }],
  })
})

test('whoever joins while events stream misses nothing and gets nothing twice', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const first = await studio.watch(session.session_id)
  const joined: Awaited<ReturnType<typeof watch>>[] = []
  for (let i = 0; i < 40; i++) {
    await studio.say(session.session_id, `line ${i}`)
    joined.push(await studio.watch(session.session_id))
    if (i % 3 === 0) await first.journaled('turn.committed', i + 1)
  }
  await first.journaled('turn.committed', 40)
  for (const page of joined) {
    await page.journaled('turn.committed', 40)
    expect(page.journal()).toEqual(first.journal())
  }
  const middle = first.journal()[100]!
  const rest = await studio.watch(session.session_id, middle)
  await rest.journaled('turn.committed')
  await rest.until(() => rest.messages.find(({ type }) => type === 'snapshot'))
  expect(rest.journal()).toEqual(first.journal().slice(101))
})
