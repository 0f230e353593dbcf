import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { startTestHost, type TestHost } from '../testing/start-test-host.ts'
import { watchSession } from '../testing/watch-session.ts'

test('a tool that runs when its process dies is told as unknown, and another agent takes over when asked to', async () => {
  const studio = await startTestHost()
  onTestFinished(studio.close)
  const silent = await startSilentServer()
  const bob = await addAgent(studio, 'Bob', [])
  const booking = { type: 'http', name: 'book_table', description: 'Books a table.', url: silent.url }
  const handoff = { type: 'handoff', name: 'ask_bob', description: 'Gives the call to Bob.', agent_id: bob, history: 'clear' }
  const ada = await addAgent(studio, 'Ada', [booking, handoff])

  const { session } = await studio.call('session.start', { agent_id: ada, modality: 'text' })
  const { session_id } = session
  const call = await watchSession(studio, session_id)
  await studio.call('session.say', { session_id, text: 'Please book_table for two.' })
  await silent.asked
  const called = await call.journaled('tool.called')
  const { processes } = await studio.call('system.info', {})
  process.kill(processes.find(({ sessions }) => sessions === 1)!.pid, 'SIGKILL')
  const done = await call.journaled('tool.done')
  expect(done).toMatchObject({ call_id: called.call_id, turn_id: called.turn_id, outcome: 'unknown', attempt: 2 })

  const taken = new Promise((resolve) => {
    studio.host.onEvent((event) => {
      if (event.type === 'session.changed' && event.session.agent_id === bob) resolve(event.session)
    })
  })
  await studio.call('session.say', { session_id, text: 'Let me ask_bob.' })
  const changed = await call.journaled('config.changed')
  expect(changed).toMatchObject({ agent_id: bob, history: 'clear' })
  expect(await call.journaled('turn.started', ({ source }) => source === 'handoff')).toMatchObject({ attempt: 2 })
  await call.journaled('turn.committed', ({ at_ms }) => at_ms > changed.at_ms)
  expect(await taken).toMatchObject({ agent_id: bob, agent_name: 'Bob', state: 'active' })

  await studio.call('agent.delete', { agent_id: bob })
  expect(await call.journaled('session.ended')).toMatchObject({ reason: 'agent_deleted' })
})

/** Takes requests and never answers. */
async function startSilentServer() {
  let heard: () => void = () => undefined
  const asked = new Promise<void>((resolve) => (heard = resolve))
  const server = createServer(() => heard())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/`, asked }
}

async function addAgent(studio: TestHost, name: string, tools: DocumentJson[]) {
  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name })
  const prompt_config = { instructions: 'Answer kindly.', greeting: `This is ${name}.` }
  const content = { ...head.content, prompt_config, llm_config: { provider: 'rehearsal', model: 'instant' }, tools }
  await studio.call('agent.save', { agent_id: head.agent_id, content, based_on: 1 })
  return head.agent_id
}
