import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { emptySessionView, applySessionEvent } from '../core/session/session-view.ts'
import { interviewAgent } from './session/testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess } from './session/testing/runtime-process.ts'

let runtime: RuntimeProcess
beforeAll(async () => {
  runtime = await startRuntime()
})
afterAll(() => runtime.stop())

test('a text call: greeting, an answer in JSON that streams, and a journal that rebuilds it', async () => {
  const call = runtime.start(interviewAgent)
  await call.message('started')
  expect(await call.event('turn.committed')).toMatchObject({ spoken: 'Hello Ana, shall we begin?' })
  call.say('I repaired bicycles in Lahore.')
  const { turn_id, spoken, times } = await call.event('turn.committed', () => true, 2)
  await call.end()

  expect(call.events.filter((event) => event.type === 'field.delta' && event.turn_id === turn_id).length).toBeGreaterThan(5)
  expect(times).toMatchObject({ t1: times.t0, t2: times.t0, t4: expect.any(Number) as number })
  const journal = call.events.filter((event) => 'seq' in event)
  expect(journal.map((event) => event.seq)).toEqual(journal.map((_, index) => index + 1))
  expect(journal[0]).toMatchObject({ type: 'session.started', attempt: 1, providers: { llm: 'rehearsal' } })
  expect(journal.at(-1)).toMatchObject({ type: 'session.ended', reason: 'stopped' })
  const view = journal.reduce(applySessionEvent, emptySessionView(call.session_id))
  expect(view.turns).toHaveLength(2)
  expect(view.turns[1]).toMatchObject({
    state: 'committed',
    heard: 'I repaired bicycles in Lahore.',
    spoken,
    parse: 'json',
    problems: [],
  })
  expect(view.turns[1]?.output?.['system_response']).toBe(spoken)
})

test('a hundred calls at once in one process keep apart', async () => {
  const calls = Array.from({ length: 100 }, (_, index) => ({ index, call: runtime.start(interviewAgent) }))
  for (const { index, call } of calls) call.say(`My number is ${index}.`)
  for (const { index, call } of calls)
    expect((await call.event('turn.committed', ({ spoken }) => spoken.includes('number'))).spoken).toContain(
      `My number is ${index}`,
    )
  await Promise.all(calls.map(({ call }) => call.end()))
})

test('typing while the agent answers cuts its answer short', async () => {
  const slow = { ...interviewAgent, llm_config: { provider: 'rehearsal', model: 'instant', tokens_per_second: 20 } }
  const call = runtime.start(slow)
  await call.event('turn.committed')
  call.say('Tell me a long story about your work.')
  await call.event('speech.delta', ({ text }) => text.includes('said') || text.includes('noted') || text.includes('Thank'))
  call.say('Never mind.')
  const cut = await call.event('turn.committed', ({ interrupted }) => interrupted)
  expect(cut.spoken).not.toBe('')
  const output = await call.event('output.done', ({ turn_id }) => turn_id === cut.turn_id)
  expect(output.parse).toBe('truncated')
  expect((await call.event('turn.committed', ({ spoken }) => spoken.includes('Never mind'))).interrupted).toBe(false)
  expect(call.events.filter(({ type }) => type === 'session.error')).toEqual([])
  await call.end()
})

test('a second attempt knows what was said, does not greet, and answers what was left open', async () => {
  const history = [
    { role: 'assistant' as const, text: 'Hello Ana, shall we', interrupted: true },
    { role: 'user' as const, text: 'I was a baker.' },
  ]
  const call = runtime.start(interviewAgent, { attempt: 2, history, turn_count: 1 })
  expect(await call.event('turn.started')).toMatchObject({ source: 'resume', index: 1, attempt: 2 })
  expect((await call.event('turn.committed')).spoken).toContain('I was a baker')
  await call.end()
})

test('a configuration that cannot be used is told and the present one goes on; a call cannot start with one', async () => {
  const call = runtime.start(interviewAgent)
  await call.event('turn.committed')
  call.configure(2, { ...interviewAgent, llm_config: { provider: 'clairvoyant' } })
  expect((await call.event('session.error')).error).toMatchObject({
    code: 'unsupported',
    hint: expect.stringContaining('rehearsal') as string,
  })
  call.say('Still there?')
  expect((await call.event('turn.committed', () => true, 2)).spoken).toContain('Still there')
  await call.end()
  const broken = runtime.start({ ...interviewAgent, prompt_config: {} })
  expect((await broken.message('failed')).error).toMatchObject({
    code: 'invalid_document',
    problems: [{ path: '/prompt_config/instructions' }],
  })
})

test('the call ends in the middle of a sentence: what was said so far is kept', async () => {
  const slow = { ...interviewAgent, llm_config: { provider: 'rehearsal', model: 'instant', tokens_per_second: 20 } }
  const call = runtime.start(slow)
  await call.event('turn.committed')
  call.say('Tell me a long story about your work.')
  await call.event('field.done', ({ field }) => field === 'voice_instructions')
  await call.event('speech.delta', ({ turn_id }) =>
    call.events.some((event) => event.type === 'turn.started' && event.source === 'text' && event.turn_id === turn_id),
  )
  await call.end()
  const last = await call.event('turn.committed', ({ interrupted }) => interrupted)
  expect(last.spoken).not.toBe('')
})

/** Throws outside any promise, in the middle of the work of the call in which somebody says "boom now". */
const BOMB = `data:text/javascript,${encodeURIComponent(`const real = JSON.stringify; JSON.stringify = (value, ...rest) => {
  if (String(value?.system_response).includes('boom now')) setTimeout(() => { throw new Error('boom') })
  return real(value, ...rest)
}`)}`

test('a fault in one call ends that call alone', async () => {
  const fragile = await startRuntime(['--import', BOMB])
  const [lucky, unlucky] = [fragile.start(interviewAgent), fragile.start(interviewAgent)]
  await Promise.all([lucky.message('started'), unlucky.message('started')])
  unlucky.say('boom now')
  expect((await unlucky.message('failed')).error).toMatchObject({
    code: 'runtime_failed',
    message: expect.stringContaining('boom') as string,
  })
  lucky.say('Are you still with me?')
  expect((await lucky.event('turn.committed', ({ spoken }) => spoken.includes('with me'))).interrupted).toBe(false)
  await lucky.end()
  await fragile.stop()
})

test('stopped before its first token, a reply has no output and no problems', async () => {
  const late = { ...interviewAgent, llm_config: { provider: 'rehearsal', model: 'gpt-4o' } }
  const call = runtime.start(late)
  await call.event('turn.committed')
  call.say('Are you there?')
  const { turn_id } = await call.event('turn.started', ({ source }) => source === 'text')
  call.send({ type: 'interrupt', session_id: call.session_id })
  expect(await call.event('turn.committed', (event) => event.turn_id === turn_id)).toMatchObject({
    interrupted: true,
    spoken: '',
  })
  await call.end()
  expect(call.events.filter(({ type }) => type === 'output.done' || type === 'session.error')).toEqual([])
})

test('Ctrl-C in a terminal is the business of the host', async () => {
  const started = await startRuntime()
  started.child.kill('SIGINT')
  const call = started.start(interviewAgent)
  expect((await call.event('turn.committed')).spoken).not.toBe('')
  await call.end()
  await started.stop()
})

test('ends with its host', async () => {
  const orphan = await startRuntime()
  const call = orphan.start(interviewAgent)
  await call.message('started')
  orphan.child.disconnect()
  // By force, so that no exit handler of a native waits for a server that may be gone as well.
  expect(await once(orphan.child, 'exit')).toEqual([null, 'SIGKILL'])
})
