import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ExtensionReport } from '../../core/extension/extension-report.ts'
import { FromRuntime } from '../../core/contract/runtime.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { startRuntime, type RuntimeProcess, type TestCall } from './testing/runtime-process.ts'

const RUDE = `import { defineExtension } from 'greenroom/extension'
const turns = (call) => (call.state.turns = (call.state.turns ?? 0) + 1)
export default defineExtension({
  agent_type: 'rude',
  name: 'Rude',
  hooks: {
    beforeTurn(call, { heard }) {
      if (heard.includes('throw')) throw new Error('I do not like this')
      if (heard.includes('loop')) for (;;);
      if (heard.includes('slow')) return new Promise(() => undefined)
      return { context: 'Turn ' + turns(call) + ' of the thread.' }
    },
    onEvent: () => process.exit(1),
    afterTurn: (call, { heard }) => {
      if (heard.includes('later')) setTimeout(() => { throw new Error('nobody catches this') })
    },
  },
  tools: [{ name: 'break_it', description: 'Breaks.', run: () => { throw new TypeError('it is broken') } }],
})
`
const FILES = {
  'rude.mjs': RUDE,
  'syntax.mjs': 'export default {\n  agent_type: "x",,\n}\n',
  'nothing.mjs': 'export const x = 1\n',
  'missing.mjs': "import 'no-such-package'\nexport default {}\n",
  'second.mjs': "export default { agent_type: 'rude', name: 'Second' }\n",
  'wrong.mjs': `export default { agent_type: 'Support!', name: '', hooks: { onLeave() {} }, tools: [
    { name: 'nested', description: '', parameters: { type: 'object', properties: { who: { type: 'object' } } }, run() {} }] }\n`,
  '_shared.mjs': 'throw new Error("not loaded")\n',
  'notes.txt': 'no module',
}

let folder: string
let runtime: RuntimeProcess
let server: OpenAiTestServer
let report: ExtensionReport
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom extensions é '))
  await mkdir(join(folder, 'node_modules'))
  await cp(join(import.meta.dirname, '../../examples/extensions/concierge'), join(folder, 'concierge'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
  vi.stubEnv('GREENROOM_EXTENSIONS', folder)
  server = await startOpenAiServer()
  runtime = await startRuntime()
  report = await new Promise((resolve) => {
    runtime.child.on('message', (raw) => {
      const message = FromRuntime.parse(raw)
      if (message.type === 'extensions') resolve(message.report)
    })
  })
})
afterAll(async () => {
  await runtime.stop()
  vi.unstubAllEnvs()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const committed = (call: TestCall, nth = 1) => call.event('turn.committed', () => true, nth)
const asked = (agent_type: string, more: object = {}) => ({
  ...interviewAgent,
  agent_type,
  prompt_config: { instructions: 'Usual instructions.', greeting: '' },
  llm_config: { provider: 'openai-compatible', model: 'test-model', base_url: server.base_url },
  tools: [],
  ...more,
})
/** What the LLM was told first, the last time. */
const told = (): string => JSON.stringify(server.requests.filter(({ path }) => path.endsWith('/chat/completions')).at(-1)?.body)

test('what is wrong with a file is told with its name and how it is mended; the others are used', () => {
  expect(
    report.extensions.map(({ file, agent_type, hooks, tools }) => [file, agent_type, hooks, tools.map(({ name }) => name)]),
  ).toEqual([
    ['concierge/index.ts', 'concierge', ['onEnter', 'beforeTurn', 'afterTurn', 'onEvent'], ['find_room']],
    ['rude.mjs', 'rude', ['beforeTurn', 'afterTurn', 'onEvent'], ['break_it']],
  ])
  const of = (file: string) => report.problems.filter((problem) => problem.file === file).map(({ message }) => message)
  expect(of('syntax.mjs')).toEqual([expect.stringContaining('SyntaxError')])
  expect(report.problems.find(({ file }) => file === 'syntax.mjs')?.line).toBe(2)
  expect(of('nothing.mjs')).toEqual(['its default export is no extension'])
  expect(of('missing.mjs')).toEqual([expect.stringContaining('no-such-package')])
  expect(report.problems.find(({ file }) => file === 'missing.mjs')?.hint).toContain('npm install')
  expect(of('second.mjs')).toEqual([expect.stringContaining('rude.mjs')])
  expect(of('wrong.mjs')).toEqual([
    expect.stringContaining('"Support!" is no name'),
    'it has no name',
    'there is no hook "onLeave"',
    expect.stringContaining('its parameter "who"'),
  ])
  expect(report.problems).toHaveLength(8)
})

test('hooks add what they know, for a turn or for the call, and tools are called like any other', async () => {
  const prompt_config = { instructions: 'Usual instructions for {{ guest.name }}.', greeting: 'Hello {{ guest.name }}.' }
  const call = runtime.start(asked('concierge', { prompt_config }), { variables: { user_id: 'user-7' } })
  expect((await committed(call)).spoken).toBe('Hello Ana Ferreira.')
  call.say('Good morning.')
  await committed(call, 2)
  expect(told()).toContain('Usual instructions for Ana Ferreira.')
  expect(told()).toContain('in room 12, and likes quiet rooms')
  expect(told()).toContain('"find_room"')
  expect(told()).not.toContain('pool')
  call.send({ type: 'event', session_id: call.session_id, name: 'pool', data: 'closed' })
  call.say('Can I swim?')
  await committed(call, 3)
  expect(told()).toContain('News of the pool: it is closed now.')
  expect(told()).toContain('The pool is closed today.')
  call.say('There is a fire!')
  await committed(call, 4)
  expect(told()).toContain('This is an emergency.')
  expect(told()).not.toContain('Usual instructions')
  await call.end()

  const acting = runtime.start(asked('concierge', { llm_config: { provider: 'rehearsal', model: 'instant' } }))
  acting.say('Please find room for two nights with a sea view.')
  await committed(acting)
  const called = await acting.event('tool.called')
  expect(called).toMatchObject({ tool: 'find_room', kind: 'extension' })
  expect(await acting.event('tool.done')).toMatchObject({
    outcome: 'ok',
    result: { price: expect.any(Number) as number, turns: 0 },
  })
  await acting.end()
  const without = runtime.start(asked('concierge', { extension_tools: false }))
  without.say('Good morning.')
  await committed(without)
  expect(told()).not.toContain('find_room')
  await without.end()
})

test('one that throws, hangs, waits for ever, breaks or ends its thread never takes a call with it', async () => {
  const call = runtime.start(asked('rude'))
  const other = runtime.start(asked('custom'))
  let turns = 0
  const say = async (text: string) => {
    call.say(text)
    turns += 1
    return committed(call, turns)
  }
  /** The thread that stands in for one that was ended comes in its own time; calls do not wait for it. */
  const isBack = async () => {
    do expect((await say('And now?')).spoken).not.toBe('')
    while (!told().includes('of the thread.'))
  }
  const wrong = (words: string) =>
    call.event('session.error', ({ source, error }) => source === 'extension' && error.message.includes(words))
  await isBack()

  expect((await say('throw it')).spoken).not.toBe('')
  expect((await wrong('I do not like this')).error.message).toContain('rude.mjs:8')
  expect((await say('slow please')).spoken).not.toBe('')
  expect((await wrong('took longer than 500 ms')).recoverable).toBe(true)
  await isBack()

  expect((await say('loop for ever')).spoken).not.toBe('')
  other.say('Are you there?')
  expect((await committed(other)).spoken).not.toBe('')
  await isBack()

  call.send({ type: 'event', session_id: call.session_id, name: 'x', data: null })
  expect((await wrong('ended their thread')).error.hint).toContain('process.exit')
  expect((await say('throw it later')).spoken).not.toBe('')
  await isBack()
  await call.end()
  await other.end()

  const acting = runtime.start(asked('rude', { llm_config: { provider: 'rehearsal', model: 'instant' } }))
  acting.say('Please break it.')
  expect(await acting.event('tool.done')).toMatchObject({
    outcome: 'failed',
    error: { message: expect.stringContaining('it is broken (rude.mjs:18)') as string },
  })
  await acting.end()
})
