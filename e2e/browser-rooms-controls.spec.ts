import { startOpenAiServer, type OpenAiTestServer } from '../agent-runtime/providers/testing/openai-server.ts'
import type { JournalEvent } from '../core/contract/session-events.ts'
import { startLiveKit, type TestLiveKit } from '../host/livekit/testing/livekit-server.ts'
import { addAgent, connect, hostAt, journaled, journalOf, linkOf, needsLiveKit, say, startInRoom } from './livekit.ts'
import { loudest, noteSounds, speechPasses } from './page-sound.ts'
import { joinRoom, speakIn, tokenFor } from './room-client.ts'
import { recordAnyCaller } from './speech.ts'
import { expect, test } from './studio.ts'

needsLiveKit()

/** Every question to the LLM is kept, so that it can be seen what the prompt says of the caller. */
let llm: OpenAiTestServer
let server: TestLiveKit
test.beforeAll(async () => {
  llm = await startOpenAiServer()
  server = await startLiveKit()
})
test.afterAll(async () => {
  await server?.close()
  await llm?.close()
})

/** Said again and again, by whichever microphone is opened. */
const LINE = { text: 'I worked three years as a nurse.', pause_s: 1.2 }

test('what a person does in a running room call arrives: muted, the caller edited, an RPC, somebody else listened to', async ({
  openStudio,
  dataDir,
}) => {
  test.setTimeout(240_000)
  const wav = recordAnyCaller([LINE])
  const { page } = await openStudio({ wav, again: true })
  const host = hostAt(dataDir)
  await connect(host, server)
  const agent = await addAgent(host, 'Ada', {
    prompt_config: { instructions: 'You are Ada. The caller is at level {{ user_details.level }}.', greeting: 'Hello.' },
    llm_config: { provider: 'openai-compatible', base_url: llm.base_url, model: 'test-model' },
  })
  const panel = await startInRoom(page, agent, 'Voice')
  const [first] = (await host('session.list', {})).sessions
  const session_id = first!.session_id
  const part = (name: string) => panel.getByRole('group', { name: 'Parts of the room' }).getByRole('button', { name }).click()
  const mute = panel.getByRole('button', { name: 'Mute' })
  const states = async () => (await journalOf(host, session_id)).filter(isUserState).map(({ state }) => state)
  /** How often the agent has heard that somebody begins to speak. */
  const heard = async () => (await states()).filter((state) => state === 'speaking').length
  const quiet = async () => (await states()).at(-1) !== 'speaking'
  let heardBefore = 0

  await test.step('heard, and muted: what was under way ends', async () => {
    await journaled(host, session_id, 'user.state', ({ state }) => state === 'speaking')
    await mute.click()
    await expect.poll(quiet).toBe(true)
    heardBefore = await heard()
  })

  await test.step('user details, metadata and attributes: the prompt of the next turn and everybody in the room know them', async () => {
    await panel.getByRole('tab', { name: 'Room' }).click()
    await part('The caller')
    const form = panel.getByRole('form', { name: 'The caller' })
    await form.getByLabel('User details').fill('{ "level": ')
    await expect(form).toContainText('Not JSON')
    await form.getByLabel('User details').fill('{ "level": "upper intermediate" }')
    await form.getByLabel('More metadata').fill('{ "purpose": "support" }')
    await form.getByRole('button', { name: 'Add an attribute' }).click()
    await form.getByLabel('Name of attribute 1').fill('tier')
    await form.getByLabel('Value of attribute 1').fill('gold')
    await form.getByRole('button', { name: 'Change it' }).click()
    const told = await journaled(host, session_id, 'participant', ({ change, attributes }) => {
      return change === 'changed' && attributes?.['tier'] === 'gold'
    })
    expect(told).toMatchObject({ caller: true, metadata: expect.stringContaining('"purpose":"support"') })
    await say(panel, 'What do you know of me?')
    const { turn_id } = await journaled(host, session_id, 'transcript.final', ({ text }) => text === 'What do you know of me?')
    await journaled(host, session_id, 'turn.committed', (event) => event.turn_id === turn_id)
    const asked = llm.requests.findLast(({ body }) => JSON.stringify(body).includes('What do you know of me?'))
    expect(JSON.stringify(asked?.body)).toContain('at level upper intermediate')
    await part('Who is there')
    await expect(panel.getByRole('list', { name: 'Participants' })).toContainText('tier=gold')
  })

  await test.step('an RPC: its answer, and why there is none', async () => {
    await part('RPC')
    const form = panel.getByRole('form', { name: 'Send an RPC' })
    const sent = panel.getByRole('region', { name: 'Sent' }).getByRole('listitem')
    const send = async (method: string, payload: string) => {
      await form.getByLabel('Method').fill(method)
      await form.getByLabel('Payload').fill(payload)
      await form.getByRole('button', { name: 'Send' }).click()
    }
    await send('studio.resume', '{ "attempt": 0, "n": 0 }')
    await expect(sent.first()).toContainText(/studio\.resume to agent-.*answered · .*ms\{\}/)
    await send('studio.resume', '{ "attempt": "none" }')
    await expect(sent.first()).toContainText(/studio\.resume.*failed 1500.*not understood/)
    await send('nobody.answers', '{}')
    await expect(sent.first()).toContainText(/nobody\.answers.*failed 1400.*not supported/)
  })

  await test.step('typed in the moment in which the agent is dead: heard once, and the caller is still who they became', async () => {
    const { processes } = await host('system.info', {})
    process.kill(processes.find(({ kind, sessions }) => kind === 'session' && sessions > 0)!.pid, 'SIGKILL')
    const text = 'Does anybody hear me?'
    await say(panel, text)
    const { turn_id, attempt } = await journaled(host, session_id, 'transcript.final', (event) => event.text.includes(text))
    expect(attempt).toBe(2)
    await journaled(host, session_id, 'turn.committed', (event) => event.turn_id === turn_id)
    const heard = (await journalOf(host, session_id)).filter((event) => event.type === 'transcript.final')
    expect(heard.filter((event) => event.text.includes(text))).toHaveLength(1)
    const asked = llm.requests.findLast(({ body }) => JSON.stringify(body).includes(text))
    expect(JSON.stringify(asked?.body)).toContain('at level upper intermediate')
  })

  await test.step('muted stays muted: over a reload, and with another microphone', async () => {
    await noteSounds(page)
    await page.reload()
    await expect(linkOf(panel)).toHaveText('')
    await expect(mute).toHaveAttribute('aria-pressed', 'true')
    await speechPasses(page)
    await panel.getByRole('button', { name: 'Microphone and output' }).click()
    const microphones = page.getByLabel('Microphone', { exact: true })
    await microphones.selectOption({ index: (await microphones.locator('option').count()) - 1 })
    await page.keyboard.press('Escape')
    await speechPasses(page)
    expect(await heard()).toBe(heardBefore)
  })

  await test.step('somebody else in the room: heard in the page, and by the agent from the moment it listens to them', async () => {
    const room = first!.room!.room_name
    const zoe = await joinRoom(server.url, await tokenFor(server, { room, identity: 'zoe', name: 'Zoe' }))
    const voice = await speakIn(zoe.room, wav)
    await expect.poll(() => loudest(page)).toBeGreaterThan(0.02)
    expect(await heard()).toBe(heardBefore)
    await panel.getByRole('tab', { name: 'Room' }).click()
    const people = panel.getByRole('list', { name: 'Participants' }).getByRole('listitem')
    await people.getByRole('button', { name: 'Listen to Zoe' }).click()
    await expect(people.filter({ hasText: 'Zoe' })).toContainText('listened to')
    await expect.poll(heard).toBeGreaterThan(heardBefore)
    await people
      .filter({ hasText: 'this window' })
      .getByRole('button', { name: /^Listen to/ })
      .click()
    await expect(people.filter({ hasText: 'this window' })).toContainText('listened to')
    await voice.stop()
    await zoe.leave()
    await expect.poll(quiet).toBe(true)
  })

  await test.step('not muted any more: heard again', async () => {
    const before = await heard()
    await mute.click()
    await expect.poll(heard).toBeGreaterThan(before)
    await panel.getByRole('button', { name: 'Stop' }).click()
    await journaled(host, session_id, 'session.ended')
  })
})

const isUserState = (event: JournalEvent) => event.type === 'user.state'
