import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLookout } from '../../core/testing/lookout.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { startSharedHosts } from '../testing/shared-hosts.ts'
import { callerOf, OPERATOR } from '../testing/start-served-host.ts'
import { startTestHost } from '../testing/start-test-host.ts'
import { watchCall } from '../testing/watch-call.ts'
import { watchSession } from '../testing/watch-session.ts'
import { readExtensionsFolder } from './extension-book.ts'

const GOOD = `import { defineExtension } from 'greenroom/extension'
export default defineExtension({
  agent_type: 'oracle',
  name: 'Oracle',
  hooks: {
    onEnter: () => ({ variables: { oracle: { age: 3000 } } }),
    beforeTurn() { throw new Error('not today') },
    onEvent: (call, { name, data }) => ({ variables: { news: name + ' ' + data } }),
  },
})
`

test('a host tells which agent types its extensions add and what is wrong; their hooks run in its calls', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenroom extensions '))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'oracle.mjs'), GOOD)
  await writeFile(join(folder, 'broken.mjs'), 'export default 3\n')
  vi.stubEnv('GREENROOM_EXTENSIONS', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const lines: string[] = []
  const log = createLookout()
  const stream = { write: (line: string) => void (lines.push(line), log.heard()) }
  const studio = await startTestHost({ log: pino({ level: 'info' }, stream) })
  onTestFinished(studio.close)
  expect(await studio.call('extension.list', {})).toMatchObject({ state: 'loading', extensions: [] })
  studio.host.afterStart()
  const said = await log.until(() => lines.find((line) => line.includes('broken.mjs')))
  expect(said).toContain('its default export is no extension')
  const listed = await studio.call('extension.list', {})
  expect(listed).toMatchObject({
    state: 'loaded',
    extensions: [{ file: 'oracle.mjs', agent_type: 'oracle', name: 'Oracle', hooks: ['onEnter', 'beforeTurn', 'onEvent'] }],
    problems: [{ file: 'broken.mjs', hint: expect.stringContaining('export default') as string }],
  })

  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Pythia' })
  const content = DocumentJson.parse({
    ...head.content,
    agent_type: 'oracle',
    prompt_config: { instructions: 'Riddle.', greeting: 'I am {{ oracle.age }} years old.' },
    llm_config: { provider: 'rehearsal', model: 'instant' },
  })
  const warned = async (agent_type: string) =>
    (await studio.call('agent.validate', { content: { ...content, agent_type } })).warnings.some(
      ({ rule }) => rule === 'agent-type-unknown',
    )
  expect([await warned('oracle'), await warned('prophet')]).toEqual([false, true])
  await studio.call('agent.save', { agent_id: head.agent_id, content, based_on: 1 })
  const { session } = await studio.call('session.start', { agent_id: head.agent_id, modality: 'text' })
  const { session_id } = session
  const call = await watchSession(studio, session_id)
  expect((await call.journaled('turn.committed')).spoken).toBe('I am 3000 years old.')
  await studio.call('session.event', { session_id, name: 'weather', data: 'dry' })
  await studio.call('session.say', { session_id, text: 'What will be?' })
  expect((await call.journaled('turn.committed', undefined, 2)).spoken).not.toBe('')
  const wrong = await call.journaled('session.error')
  expect(wrong).toMatchObject({ source: 'extension', recoverable: true })
  expect(wrong.error.message).toMatch(/beforeTurn of the extension "Oracle" failed in oracle\.mjs:7: not today/)
  await studio.call('session.stop', { session_id })
})

const ECHO = `import { defineExtension } from 'greenroom/extension'
export default defineExtension({
  agent_type: 'echo',
  name: 'Echo',
  hooks: {
    onEnter: ({ tenant_id }) => ({ variables: { guest: 'guest of ' + tenant_id } }),
    onEvent({ tenant_id }, { name, data }) { throw new Error([tenant_id, name, JSON.stringify(data)].join(' ')) },
  },
})
`

test('an event reaches the call on another instance, with its tenant; a tier says which extensions a tenant may have', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'greenroom extensions '))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'echo.mjs'), ECHO)
  vi.stubEnv('GREENROOM_EXTENSIONS', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { one, other, close } = await startSharedHosts('greenroom')
  onTestFinished(close)
  const ann = callerOf('acme')
  const agent_id = AgentId.parse('ada')
  const { head } = await one.get(ann, 'agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id })
  const content = DocumentJson.parse({
    ...head.content,
    agent_type: 'echo',
    prompt_config: { instructions: 'Repeat.', greeting: 'Hello {{ guest | default: "stranger" }}.' },
    llm_config: { provider: 'rehearsal', model: 'instant' },
  })
  await one.get(ann, 'agent.save', { agent_id, content, based_on: 1 })

  const call = await watchCall(other, ann, agent_id)
  expect(await call.journaled('turn.committed')).toMatchObject({ spoken: 'Hello guest of acme.' })
  const { session_id } = call
  await one.get(ann, 'session.event', { session_id, name: 'door', data: { open: true } })
  const said = await call.journaled('session.error')
  expect(said).toMatchObject({
    source: 'extension',
    error: { message: expect.stringContaining('acme door {"open":true}') as string },
  })
  const event = { session_id, name: 'late', data: 'x'.repeat(15_000) }
  await expect(one.get(ann, 'session.event', event)).rejects.toMatchObject({ code: 'malformed' })
  await other.get(ann, 'session.stop', { session_id })
  await expect(one.get(ann, 'session.event', { ...event, data: 1 })).rejects.toMatchObject({ code: 'conflict' })
  await expect(one.get(callerOf('default'), 'session.event', { ...event, data: 1 })).rejects.toMatchObject({ code: 'not_found' })

  await other.get(OPERATOR, 'tenant.update', { tenant_id: ann.tenant_id, features: { extensions: [] } })
  const plain = await watchCall(other, ann, agent_id)
  expect(await plain.journaled('turn.committed')).toMatchObject({ spoken: 'Hello stranger.' })
  await other.get(ann, 'session.stop', { session_id: plain.session_id })
})

test('a folder that is not there is told before anything starts', () => {
  expect(() => readExtensionsFolder({ GREENROOM_EXTENSIONS: '/no/such/folder' })).toThrow('There is no folder of extensions')
  expect(readExtensionsFolder({})).toBeUndefined()
})
