import { ConnectionId } from '../core/contract/connections.ts'
import type { SessionId } from '../core/contract/ids.ts'
import { hostAt, journaled, journalOf, linkOf, localKeys, needsLiveKit, told } from './livekit.ts'
import { HIDDEN, joinRoom, linesOf, serviceOf, tokenFor, type ServerKeys } from './room-client.ts'
import { recordAnyCaller } from './speech.ts'
import { expect, test } from './studio.ts'
import { callPanel, createFromSample } from './workspace.ts'

needsLiveKit()

const CALLER_LINE = 'I worked three years as a nurse in Lahore.'
const understands = Boolean(process.env.GREENROOM_TEST_MODELS)

/** What the page showed from moment to moment: how the output grew, and how loud the agent was once the caller had spoken. */
type Along = { outputs: Record<string, true>; loudest: number }

function lookAlong(): void {
  const along: Along = { outputs: {}, loudest: 0 }
  Object.assign(window, { __along: along })
  setInterval(() => {
    const spoken = document.querySelectorAll('[aria-label="Transcript"] button').length > 1
    const level = Number(document.querySelector('[aria-label="Agent voice level"]')?.getAttribute('aria-valuenow'))
    along.outputs[document.querySelector('section[aria-label="Output of the turn"]')?.textContent ?? ''] = true
    if (spoken) along.loudest = Math.max(along.loudest, level)
  }, 15)
}

test('nobody types a key: from an empty studio to a spoken answer in a LiveKit room, and nothing is left', async ({
  openStudio,
  dataDir,
}) => {
  test.setTimeout(240_000)
  const wav = recordAnyCaller([{ text: CALLER_LINE, pause_s: 90 }], 16)
  const { page } = await openStudio({ wav })
  const host = hostAt(dataDir)
  const panel = callPanel(page)

  await test.step('a server of this machine, in one click', async () => {
    await page.getByRole('link', { name: 'Settings' }).click()
    await page.getByRole('tab', { name: 'LiveKit' }).click()
    const card = page.getByRole('region', { name: 'Local server' })
    await card.getByRole('button', { name: 'Start a local server' }).click()
    await expect(card).toContainText('runs')
  })
  const keys = await localKeys(host)

  await test.step('a sample, called in a room', async () => {
    await page.getByRole('link', { name: 'Agents' }).first().click()
    await createFromSample(page, 'PTE interview')
    await panel.getByRole('combobox', { name: 'Where the call takes place' }).click()
    await page.getByRole('option', { name: 'LiveKit room, local server' }).click()
    await panel.getByRole('button', { name: 'Start', exact: true }).click()
    await expect(linkOf(panel)).toHaveText('')
  })
  const [session] = (await host('session.list', {})).sessions
  const session_id = session!.session_id
  const joined = await journaled(host, session_id, 'room.joined')
  told('start of the call → agent in the room', joined.at - session!.started_at)
  const owl = await watch(session_id, keys)

  await test.step('the caller is heard; JSON streams in the inspector while the answer is spoken', async () => {
    await page.evaluate(lookAlong)
    const transcript = panel.getByRole('region', { name: 'Transcript' })
    if (understands) await expect(transcript).toContainText(/three years as a nurse/i, { timeout: 60_000 })
    const turn = await journaled(host, session_id, 'turn.started', ({ source }) => source === 'voice')
    const done = await journaled(host, session_id, 'turn.committed', ({ turn_id }) => turn_id === turn.turn_id)
    await expect(panel.getByRole('region', { name: 'Output of the turn' })).toContainText('valid')
    const { outputs, loudest } = await page.evaluate(() => (window as unknown as { __along: Along }).__along)
    expect(Object.keys(outputs).length).toBeGreaterThan(3)
    expect(loudest).toBeGreaterThan(20)
    const { t0 = NaN, t5 = NaN, t6 = NaN } = done.times
    expect(t6).toBeGreaterThan(t0)
    told('end of speech → first audio sent (t5)', t5 - t0)
    told('end of speech → first audible sample in the page (t6)', t6 - t0)
  })

  await test.step('the waterfall ends with what was audible', async () => {
    const waterfall = panel.getByRole('region', { name: /^Waterfall/ })
    await expect(waterfall).toContainText('silence heard')
    await expect(waterfall.getByRole('listitem', { name: /^audible/ })).toBeVisible()
  })

  await test.step('what an app in the room gets: every line, in order', async () => {
    await panel.getByRole('tab', { name: 'Room' }).click()
    await panel.getByRole('button', { name: 'What the page gets' }).click()
    const received = panel.getByRole('region', { name: 'What the page gets' })
    await expect(received).toContainText('complete, in order')
    await panel.getByRole('button', { name: 'Who is there' }).click()
    await expect(panel.getByRole('list', { name: 'Participants' }).getByRole('listitem')).toHaveCount(2)
  })

  await test.step('a hidden observer heard and read it all, and nobody noticed', async () => {
    const [streamed] = owl.streams.filter(
      ({ topic, pieces }) => topic === 'studio.turn' && pieces.some(({ text }) => text.includes('field.delta')),
    )
    // In pieces while it was written, not at once.
    expect(streamed!.pieces.length).toBeGreaterThan(3)
    const types = linesOf<{ event: { type: string } }>(owl.streams, 'studio.turn').map(({ event }) => event.type)
    expect(types).toEqual(
      expect.arrayContaining(['turn.started', 'transcript.final', 'field.delta', 'output.done', 'turn.committed']),
    )
    const agent = owl.voices.get(`agent-${session_id}`)
    expect(agent?.ms).toBeGreaterThan(500)
    expect(owl.voices.get(`caller-${session_id}`)?.ms).toBeGreaterThan(500)
    const journal = JSON.stringify(await journalOf(host, session_id))
    expect(journal).toContain(`caller-${session_id}`)
    expect(journal).not.toContain('observer')
    expect(journal).not.toContain('owl')
  })

  await test.step('the end: nobody, no room, no call in any process', async () => {
    const stopped = performance.now()
    await panel.getByRole('button', { name: 'Stop' }).click()
    const left = async () => {
      const { processes } = await host('system.info', {})
      const rooms = keys
        ? await serviceOf(keys).listRooms()
        : (await host('room.list', { connection_id: ConnectionId.parse('local') })).rooms
      return rooms.length + processes.reduce((sum, { kind, sessions }) => sum + (kind === 'session' ? sessions : 0), 0)
    }
    await expect.poll(left, { timeout: 5000, intervals: [20] }).toBe(0)
    told('stop → no participant, no room, no session', performance.now() - stopped)
    await owl.until('out of the room', owl.dropped)
    await expect(panel.getByRole('button', { name: 'Start' })).toBeVisible()
  })

  /** An observer of its own where the keys can be had, the studio's otherwise. */
  async function watch(session_id: SessionId, keys: ServerKeys | undefined) {
    const join = await host('room.join', { session_id, as: 'observer' })
    const { local_server } = await host('connection.list', {})
    const token = keys ? await tokenFor(keys, { room: join.room_name, identity: 'owl', grant: HIDDEN }) : join.token
    return joinRoom(keys?.url ?? local_server.url!, token)
  }
})
