import { expect, test } from 'vitest'
import { document } from './testing/document.ts'
import { scope, startSessions } from './testing/start-sessions.ts'

test('a what-if call is rehearsed from its first event to its end, over a crash, a save and a resume', async () => {
  const studio = await startSessions({ real: true })
  // Nobody listens there: an answer can only be a rehearsed one.
  const llm_config = { provider: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1', model: 'm' }
  const content = { ...document, llm_config }
  studio.heads.set('ada', { revision: 1, content, enabled: true })
  const { session } = await studio.start({ what_if: { llm: 'instant' } })
  const { session_id } = session
  const page = await studio.watch(session_id)
  expect(await page.journaled('provider.substituted')).toMatchObject({
    kind: 'llm',
    asked: 'openai-compatible m',
    used: 'rehearsal instant',
  })
  expect(await page.journaled('session.started')).toMatchObject({ what_if: { llm: 'instant' }, providers: { llm: 'rehearsal' } })
  await studio.say(session_id, 'Who are you?')
  expect((await page.journaled('turn.committed')).spoken).not.toBe('')

  studio.save({ ...content, prompt_config: { instructions: 'Be brief.' } }, 2)
  await page.journaled('config.changed')
  process.kill(studio.runtime.processes()[0]!.pid, 'SIGKILL')
  await page.journaled('session.recovered')
  await studio.say(session_id, 'And now?')
  expect((await page.journaled('turn.committed', 2)).spoken).not.toBe('')
  await studio.sessions.stop(scope, session_id)

  await studio.sessions.resume(scope, session_id)
  await studio.say(session_id, 'Once more?')
  expect((await page.journaled('turn.committed', 3)).spoken).not.toBe('')
  expect(page.journal().filter(({ type }) => type === 'session.error')).toMatchObject([{ source: 'runtime', recoverable: true }])
})

test('a preset that is none is refused before a call begins', async () => {
  const studio = await startSessions()
  await expect(studio.start({ what_if: { llm: 'gpt-99' } })).rejects.toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('gpt-4.1'),
  })
  expect((await studio.sessions.list(scope, { limit: 5 })).count).toBe(0)
})
