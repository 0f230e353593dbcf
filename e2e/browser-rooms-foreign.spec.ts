import type { Page } from '@playwright/test'
import { startLiveKit, type TestLiveKit } from '../host/livekit/testing/livekit-server.ts'
import { addAgent, connect, hostAt, journaled, needsLiveKit, told } from './livekit.ts'
import { agentsOf, joinRoom, serviceOf, tokenFor, type Wanted } from './room-client.ts'
import { expect, test } from './studio.ts'

needsLiveKit()

let server: TestLiveKit
test.beforeAll(async () => {
  server = await startLiveKit()
})
test.afterAll(() => server?.close())

test('clients that know LiveKit alone get their agents from one worker, and Calls shows by which rule', async ({
  openStudio,
  dataDir,
}) => {
  const { page } = await openStudio()
  const host = hostAt(dataDir)
  await connect(host, server, { serve: true, automatic: true })
  await addAgent(host, 'Reception', { routing: { dispatch_by_name: true, purposes: ['greet'] } })
  await addAgent(host, 'Billing', { routing: { purposes: ['billing'] } })
  const ready = async () => {
    const { registrations } = (await host('connection.list', {})).worker
    return registrations.filter(({ state }) => state === 'ready').map(({ dispatch_name }) => dispatch_name)
  }
  await expect.poll(ready).toEqual(expect.arrayContaining(['', 'reception']))

  /** Joins as an application lets its users join, and hears who answers. */
  async function call(wanted: Wanted) {
    const person = await joinRoom(server.url, await tokenFor(server, wanted))
    const agent = await person.until('the agent', () => person.seen.find(({ identity }) => identity.startsWith('agent-')))
    told(`token with ${wanted.agents ? 'RoomAgentDispatch' : 'a purpose'}: join → agent in the room`, agent.at - person.joined_at)
    await person.until('its voice', () => (person.voices.get(agent.identity)?.ms ?? 0) > 300)
    const { sessions } = await host('session.list', {})
    const session = sessions.find(({ room }) => room?.room_name === wanted.room)!
    const { spoken } = await journaled(host, session.session_id, 'turn.committed')
    return { person, session, spoken }
  }

  const named = await call({ room: 'front desk', identity: 'ana', agents: [{ agentName: 'reception' }] })
  expect(named.spoken).toBe('Hello, this is Reception.')
  const purpose = await call({ room: 'an invoice', identity: 'ben', metadata: '{"purpose":"billing","user_id":"u7"}' })
  expect(purpose.spoken).toBe('Hello, this is Billing.')
  const { processes } = await host('system.info', {})
  expect(processes.filter(({ kind }) => kind === 'worker')).toHaveLength(1)

  await test.step('each has an answer of its own', async () => {
    for (const { person, session } of [named, purpose]) {
      await person.type('What do you do?')
      await journaled(host, session.session_id, 'transcript.final', ({ text }) => text === 'What do you do?')
    }
    expect([...named.person.voices.keys()]).toEqual([`agent-${named.session.session_id}`])
    for (const { person } of [named, purpose]) expect(agentsOf(person.seen)).toEqual(['+'])
  })

  await test.step('Calls tells which rule matched, and why the others did not', async () => {
    await page.getByRole('link', { name: 'Calls' }).click()
    await openCall(page, 'Reception')
    await expect(ruleOf(page, 'Named')).toContainText('matched')
    await openCall(page, 'Billing')
    await expect(ruleOf(page, 'Named')).toContainText('no match')
    await expect(ruleOf(page, 'Purpose')).toContainText('matched')
    await expect(ruleOf(page, 'Purpose')).toContainText('billing')
    await expect(ruleOf(page, 'Default agent')).toContainText('not asked')
  })

  await test.step('who leaves leaves nothing behind', async () => {
    const left = performance.now()
    await Promise.all([named, purpose].map(({ person }) => person.leave()))
    const agents = async () => {
      const rooms = ['front desk', 'an invoice']
      const found = await Promise.all(
        rooms.map((room) =>
          serviceOf(server)
            .listParticipants(room)
            .catch(() => []),
        ),
      )
      const { worker } = await host('connection.list', {})
      return found.flat().length + worker.sessions
    }
    await expect.poll(agents, { timeout: 5000, intervals: [20] }).toBe(0)
    told('the caller left → agent and session gone', performance.now() - left)
  })
})

const ruleOf = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Why this agent answers' }).getByRole('listitem').filter({ hasText: name })

async function openCall(page: Page, agent: string): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(agent) })
    .filter({ hasText: 'room' })
    .first()
    .click()
  await page.getByText('Why this agent:').click()
}
