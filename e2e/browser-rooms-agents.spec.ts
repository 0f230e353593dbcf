import { startOpenAiServer, type OpenAiTestServer } from '../agent-runtime/providers/testing/openai-server.ts'
import type { AgentId, SessionId } from '../core/contract/ids.ts'
import { startLiveKit, type TestLiveKit } from '../host/livekit/testing/livekit-server.ts'
import { addAgent, connect, CONNECTION, hostAt, journaled, journalOf, needsLiveKit, say, startInRoom, told } from './livekit.ts'
import { loudest } from './page-sound.ts'
import { recordAnyCaller } from './speech.ts'
import { expect, test } from './studio.ts'

needsLiveKit()

/** Every question to the LLM is kept, so that it can be seen what an agent knows. */
let llm: OpenAiTestServer
let server: TestLiveKit
test.beforeAll(async () => {
  llm = await startOpenAiServer({ tokens_per_second: 200 })
  server = await startLiveKit()
})
test.afterAll(async () => {
  await server?.close()
  await llm?.close()
})

const LONG = 'I will tell you about our house. '.repeat(6).trim()

test('one call: another agent goes on, tools act, an observer listens unseen, and a guest comes by a link', async ({
  openStudio,
  dataDir,
}) => {
  test.setTimeout(240_000)
  const { page } = await openStudio({ wav: recordAnyCaller([], 150) })
  const host = hostAt(dataDir)
  await connect(host, server)
  const thinking = { llm_config: { provider: 'openai-compatible', base_url: llm.base_url, model: 'test-model' } }
  const ada = await addAgent(host, 'Ada', thinking)
  const bob = await addAgent(host, 'Bob', { ...thinking, prompt_config: { instructions: `You are Bob.\nRULE: ${LONG}` } })
  const show_map = {
    type: 'client',
    name: 'show_map',
    description: 'Shows a map',
    parameters: [{ field_name: 'place', field_type: 'str' }],
  }
  const to_bob = { type: 'handoff', name: 'to_bob', description: 'Bob goes on', agent_id: bob }
  // Rehearsal calls the tool that the caller names.
  const clara = await addAgent(host, 'Clara', { tools: [show_map, to_bob] })

  const panel = await startInRoom(page, ada, 'Voice')
  const transcript = panel.getByRole('region', { name: 'Transcript' })
  await expect(transcript).toContainText('Hello, this is Ada.')
  const [first] = (await host('session.list', {})).sessions
  const session_id = first!.session_id
  /** Says it, and gives what the LLM was asked for the answer. */
  const ask = async (text: string) => {
    await say(panel, text)
    const { turn_id } = await journaled(host, session_id, 'transcript.final', (event) => event.text === text)
    await journaled(host, session_id, 'output.done', (event) => event.turn_id === turn_id)
    return JSON.stringify(
      llm.requests.findLast(({ body }) => JSON.stringify(body).includes(JSON.stringify(text).slice(1, -1)))?.body,
    )
  }
  expect(await ask('My name is Grace.')).toContain('You are Ada')

  await test.step('another agent goes on from the next turn, and knows what was said', async () => {
    await panel.getByRole('button', { name: /^Switch agent/ }).click()
    const form = page.getByRole('dialog', { name: 'Switch agent' })
    await form.getByRole('combobox', { name: 'Agent that goes on' }).click()
    await page.getByRole('option', { name: 'Bob' }).click()
    const asked = page.waitForRequest(/session\.switch_agent/).then(() => Date.now())
    await form.getByRole('button', { name: 'Switch', exact: true }).click()
    await switched(session_id, bob, await asked, 'the page')
    const question = await ask('Who are you?')
    expect(question).toContain('You are Bob')
    expect(question).toContain('My name is Grace.')
  })

  await test.step('and another one, which begins anew', async () => {
    const asked = Date.now()
    await host('session.switch_agent', { session_id, agent_id: ada, history: 'clear' })
    await switched(session_id, ada, asked, 'the command')
    const question = await ask('And who are you?')
    expect(question).toContain('You are Ada')
    expect(question).not.toContain('Grace')
  })

  await test.step('a tool of the app: the page answers for it', async () => {
    await host('session.switch_agent', { session_id, agent_id: clara })
    await say(panel, 'Please show map of Lahore.')
    const form = panel.getByRole('form', { name: 'The agent asks your app: show_map' })
    await expect(form).toContainText('place')
    await form.getByLabel('Answer of your app').fill('{"shown": "the old town"}')
    await form.getByRole('button', { name: 'Answer' }).click()
    await journaled(host, session_id, 'tool.done', ({ tool, outcome }) => tool === 'show_map' && outcome === 'ok')
    await expect(transcript).toContainText('the old town')
  })

  await test.step('a handoff: the other agent opens with its own words, and knows what it may know', async () => {
    await say(panel, 'Now go to Bob.')
    const { turn_id } = await journaled(host, session_id, 'turn.started', ({ source }) => source === 'handoff')
    await journaled(host, session_id, 'turn.committed', (event) => event.turn_id === turn_id)
    await expect(panel.getByRole('button', { name: 'Switch agent, now Bob' })).toBeVisible()
  })

  const context = page.context()
  await test.step('watched: seen and heard by somebody whom nobody notices', async () => {
    const watching = await context.newPage()
    await watching.goto(`${new URL(page.url()).origin}/#/calls/watch/${CONNECTION}/${first!.room!.room_name}`)
    const screen = watching.getByRole('region', { name: /^Watching/ })
    await expect(screen).toContainText('nobody there notices')
    await watching.evaluate(() => {
      const look = () => Number(document.querySelector('[aria-label="Agent voice level"]')?.getAttribute('aria-valuenow'))
      setInterval(() => Object.assign(window, { __loudest: Math.max(look(), Object(window).__loudest ?? 0) }), 15)
    })
    await ask('Tell me about your house.')
    await expect(screen.getByRole('region', { name: 'Transcript' })).toContainText('Tell me about your house.')
    await expect.poll(() => watching.evaluate((): number => Object(window).__loudest)).toBeGreaterThan(20)
    await panel.getByRole('tab', { name: 'Room' }).click()
    await expect(panel.getByRole('list', { name: 'Participants' }).getByRole('listitem')).toHaveCount(2)
    expect(JSON.stringify(await journalOf(host, session_id))).not.toContain('observer')
    await watching.close()
  })

  await test.step('a guest comes by a link, from a browser of its own, and hears the agent', async () => {
    await panel.getByRole('button', { name: 'Invite', exact: true }).click()
    await panel.getByRole('button', { name: 'Open an invitation' }).click()
    const url = await panel.getByRole('link', { name: /^https:/ }).getAttribute('href')
    const device = await context.browser()!.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone'] })
    const guest = await device.newPage()
    await guest.goto(url!)
    await guest.getByLabel('Your name').fill('Ben')
    await guest.getByRole('button', { name: 'Join' }).click()
    await expect(guest.getByRole('status')).toContainText('You are in the call')
    await panel.getByRole('button', { name: 'Who is there' }).click()
    await expect(panel.getByRole('list', { name: 'Participants' })).toContainText('Ben')
    await ask('Please go on about your house.')
    await expect.poll(() => loudest(guest)).toBeGreaterThan(0.02)
    await device.close()
  })

  await test.step('the end', async () => {
    await panel.getByRole('button', { name: 'Stop' }).click()
    await expect.poll(async () => (await host('room.list', { connection_id: CONNECTION })).rooms, { timeout: 5000 }).toEqual([])
  })

  async function switched(session_id: SessionId, agent_id: AgentId, asked: number, by: string): Promise<void> {
    const isIt = ({ agent_id: now, history }: Readonly<{ agent_id: AgentId; history?: string | undefined }>) =>
      now === agent_id && history !== undefined
    const { at } = await journaled(host, session_id, 'config.changed', isIt)
    told(`switch by ${by} → the next turn is the other agent's`, at - asked)
  }
})
