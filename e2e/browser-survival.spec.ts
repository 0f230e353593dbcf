import { createHash } from 'node:crypto'
import { AgentId } from '../core/contract/ids.ts'
import type { DocumentJson } from '../core/contract/agents.ts'
import { startHost } from './host-client.ts'
import { alive, descendants } from './processes.ts'
import { expect, test } from './studio.ts'

const ROUNDS = 12
const ADA = AgentId.parse('ada')

/** A repeatable share in [0, 1) for a round, so that a failure can be seen again. */
const chance = (round: number, salt: string) => createHash('sha256').update(`${salt}${round}`).digest().readUInt32BE() / 2 ** 32

const withInstructions = (content: DocumentJson, instructions: string): DocumentJson => ({
  ...content,
  prompt_config: { ...(content.prompt_config as Record<string, never>), instructions },
})

test('kill -9 of the host at random moments: no acknowledged save is lost, no process is left after 2 s', async ({ dataDir }) => {
  test.setTimeout(300_000)
  let acknowledged = ''
  for (let round = 0; round < ROUNDS; round++) {
    const host = await startHost(dataDir)
    if (round === 0) await host.call('agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id: ADA })
    const { head } = await host.call('agent.get', { agent_id: ADA })
    if (acknowledged) expect((head.content.prompt_config as { instructions: string }).instructions >= acknowledged).toBe(true)

    const { session } = await host.call('session.start', { agent_id: ADA, modality: 'text' })
    await host.call('session.say', { session_id: session.session_id, text: 'Hello, who are you?' })
    let based_on = head.revision
    const saving = (async () => {
      for (let save = 0; ; save++) {
        const instructions = `save ${String(round).padStart(3, '0')} ${String(save).padStart(6, '0')}`
        const revision = await host.call('agent.save', {
          agent_id: ADA,
          content: withInstructions(head.content, instructions),
          based_on,
        })
        based_on = revision.revision
        acknowledged = instructions
      }
    })().catch(() => 'the host is gone')

    await new Promise((resolve) => setTimeout(resolve, 50 + 900 * chance(round, 'moment')))
    const children = descendants(host.pid)
    host.process.kill('SIGKILL')
    await host.exited
    await saving
    expect(children.length).toBeGreaterThan(0)
    await expect.poll(() => alive(children), { timeout: 2000, intervals: [50] }).toEqual([])
  }
  const host = await startHost(dataDir)
  const { head } = await host.call('agent.get', { agent_id: ADA })
  expect((head.content.prompt_config as { instructions: string }).instructions >= acknowledged).toBe(true)
  const { sessions } = await host.call('session.list', {})
  expect(sessions.length).toBe(ROUNDS)
  host.process.kill('SIGTERM')
  await host.exited
})

test('kill -9 of a session process in a call: the call goes on with its conversation', async ({ dataDir }) => {
  const host = await startHost(dataDir)
  await host.call('agent.create', { source: { kind: 'blank' }, name: 'Ada', agent_id: ADA })
  const { session } = await host.call('session.start', { agent_id: ADA, modality: 'text' })
  const journal = async () => (await host.call('session.journal', { session_id: session.session_id })).events
  const commits = async () => (await journal()).filter((event) => event.type === 'turn.committed').length
  await expect.poll(commits).toBe(1)
  await host.call('session.say', { session_id: session.session_id, text: 'My name is Grace.' })
  await expect.poll(commits).toBe(2)

  const { processes } = await host.call('system.info', {})
  const victim = processes.find((process) => process.kind === 'session' && process.sessions === 1)!
  process.kill(victim.pid, 'SIGKILL')
  await expect.poll(async () => (await journal()).some((event) => event.type === 'session.recovered')).toBe(true)
  await host.call('session.say', { session_id: session.session_id, text: 'Are you still there?' })
  await expect
    .poll(async () => (await journal()).filter((event) => event.type === 'turn.committed' && event.attempt === 2).length)
    .toBeGreaterThan(0)
  await host.call('session.stop', { session_id: session.session_id })
  host.process.kill('SIGTERM')
  await host.exited
})
