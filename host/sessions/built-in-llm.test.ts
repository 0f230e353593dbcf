import { describe, expect, test } from 'vitest'
import type { LocalModels } from '../runtime/local-model.ts'
import { createOfflineSwitch } from '../runtime/offline-switch.ts'
import { startSessions } from './testing/start-sessions.ts'
import { document } from './testing/document.ts'

const dir = process.env['GREENROOM_TEST_MODELS']
const model_id = 'SmolLM2-135M-Instruct.Q4_1'
const local: LocalModels = { dir: dir ?? '', models: [{ kind: 'llm', model_id }] }

const fields = [
  { field_name: 'voice_instructions', field_type: 'str', description: 'How the voice sounds' },
  ...document.schema_config.fields,
  { field_name: 'rating', field_type: 'int', description: 'How good the answer was', constraints: { ge: 1, le: 5 } },
  { field_name: 'stage', field_type: "Literal['opening', 'details']", description: 'Where we are' },
]
const agent = {
  ...document,
  prompt_config: { instructions: 'You are a friendly interviewer. Ask about the work of the caller.' },
  schema_config: { ...document.schema_config, fields },
  llm_config: { provider: 'builtin', temperature: 0 },
}

test('without a built-in LLM on the machine the rehearsal answers, and says so', async () => {
  const studio = await startSessions({ real: true })
  studio.heads.set('ada', { revision: 1, content: agent, enabled: true })
  const { session } = await studio.start({ seed: 1 })
  const page = await studio.watch(session.session_id)
  expect(await page.journaled('provider.substituted')).toMatchObject({ kind: 'llm', asked: 'builtin', used: 'rehearsal' })
})

/** With real weights; skipped unless GREENROOM_TEST_MODELS names their folder. */
describe.skipIf(dir === undefined)('a text call with the built-in LLM', () => {
  test('is answered within the table, by another prompt otherwise, and goes on after the engine was killed; offline', async () => {
    const offline = createOfflineSwitch(true)
    const studio = await startSessions({ real: true, local, offline })
    studio.heads.set('ada', { revision: 1, content: agent, enabled: true })
    const { session } = await studio.start()
    const page = await studio.watch(session.session_id)
    const answer = async (text: string, turn: number) => {
      await studio.say(session.session_id, text)
      const { output, parse, problems } = await page.journaled('output.done', turn)
      expect({ parse, problems }).toEqual({ parse: 'json', problems: [] })
      expect(Object.keys(output)).toEqual(fields.map(({ field_name }) => field_name))
      return { output, turn: await page.journaled('turn.committed', turn) }
    }
    const first = await answer('Hello, I am Tom and I repair bicycles.', 1)
    expect(first.turn.spoken).toMatch(/\?$/)
    expect(first.turn.usage).toMatchObject({ prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) })

    const engine = studio.runtime.processes().find(({ kind }) => kind === 'llm')
    process.kill(engine!.pid, 'SIGKILL')
    const second = await answer('I like the old ones most.', 2)
    expect(second.turn.spoken).not.toBe('')
    expect(page.journal().map(({ type }) => type)).not.toContain('session.recovered')

    const other = await startSessions({ real: true, local })
    const instructions = 'You sell pizza. Ask which pizza the caller wants.'
    other.heads.set('ada', { revision: 1, content: { ...agent, prompt_config: { instructions } }, enabled: true })
    const { session: pizza } = await other.start()
    const otherPage = await other.watch(pizza.session_id)
    await other.say(pizza.session_id, 'Hello, I am Tom and I repair bicycles.')
    expect((await otherPage.journaled('turn.committed')).spoken).not.toBe(first.turn.spoken)
  })
})
