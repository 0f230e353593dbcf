import { expect, test } from 'vitest'
import { scope, startSessions } from './testing/start-sessions.ts'
import { document } from './testing/document.ts'

const quick = { ...document, llm_config: { provider: 'rehearsal', model: 'instant' } }

test('a text call with the real session process: answered in fields, changed by a save, recovered after kill -9', async () => {
  const studio = await startSessions({ real: true })
  studio.heads.set('ada', { revision: 1, content: quick, enabled: true })
  const { session } = await studio.start({ seed: 1 })
  const { session_id } = session
  const page = await studio.watch(session_id)
  await studio.say(session_id, 'Good morning, who are you?')
  const first = await page.journaled('turn.committed')
  expect(first.spoken.length).toBeGreaterThan(0)
  expect(await page.journaled('output.done')).toMatchObject({ parse: 'json', output: { system_response: expect.any(String) } })

  const score = { field_name: 'score', field_type: 'int', description: 'How sure', constraints: { ge: 1, le: 5 } }
  const schema_config = { ...quick.schema_config, fields: [...quick.schema_config.fields, score] }
  studio.save({ ...quick, schema_config }, 2)
  expect(await page.journaled('config.changed')).toMatchObject({ revision: 2 })
  await studio.say(session_id, 'And now?')
  await page.journaled('turn.committed', 2)
  const second = await page.journaled('output.done', 2)
  expect(second.output['score']).toBeTypeOf('number')

  process.kill(studio.runtime.processes()[0]!.pid, 'SIGKILL')
  expect(await page.journaled('session.recovered')).toMatchObject({ attempt: 2 })
  await studio.say(session_id, 'Are you still there?')
  expect((await page.journaled('turn.committed', 3)).spoken.length).toBeGreaterThan(0)
  expect(page.journal().filter(({ type }) => type === 'turn.started')).toMatchObject([
    { index: 0, revision: 1 },
    { index: 1, revision: 2 },
    { index: 2, revision: 2, attempt: 2 },
  ])
  expect(await studio.sessions.stop(scope, session_id)).toMatchObject({ state: 'ended', end_reason: 'stopped', turn_count: 3 })
  const { events } = await studio.sessions.journal(scope, session_id, { attempt: 0, seq: 0 }, 1000)
  expect(events).toEqual(page.journal())
})
