import { expect, onTestFinished, test } from 'vitest'
import { readServerMode } from './compose/server-mode.ts'
import { callerOf, OPERATOR, startServedHost } from './testing/start-served-host.ts'

test('a tenant that asks for it has processes of its own; the calls of others share theirs, which are there before the first of them', async () => {
  const server = readServerMode({}, { worker: true })
  const served = await startServedHost(['alone', 'one', 'two'], { sessions_per_process: 20, server })
  onTestFinished(served.close)
  await served.get(OPERATOR, 'tenant.update', { tenant_id: 'alone', isolation_level: 'organization' })
  const pids = async () => {
    const { processes } = await served.get(OPERATOR, 'system.info', {})
    return new Map(processes.filter(({ kind }) => kind === 'session').map(({ pid, sessions }) => [pid, sessions]))
  }
  served.host.afterStart()
  // One for those that may go anywhere, one for those that reach what is public.
  await expect.poll(async () => (await pids()).size).toBe(2)
  const ready = [...(await pids()).keys()]
  /** The process that has one call more than before. */
  async function processOf(tenant: string): Promise<number | undefined> {
    const agent = { name: 'ada', instructions: 'Be kind.', llm: { provider: 'rehearsal', model: 'instant' } }
    await served.get(callerOf(tenant), 'short.create', { agent }).catch(() => undefined)
    const before = await pids()
    await served.get(callerOf(tenant), 'session.start', { agent_id: 'ada', modality: 'text' })
    return [...(await pids())].find(([pid, sessions]) => sessions > (before.get(pid) ?? 0))?.[0]
  }
  const [one, alone, two, again] = [
    await processOf('one'),
    await processOf('alone'),
    await processOf('two'),
    await processOf('alone'),
  ]
  expect(ready).toContain(one)
  expect(two).toBe(one)
  expect(alone).not.toBe(one)
  expect(again).toBe(alone)
})
