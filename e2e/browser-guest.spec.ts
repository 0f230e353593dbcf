import { ConnectionId } from '../core/contract/connections.ts'
import { addAgent, needsLiveKit } from './livekit.ts'
import { startHost } from './host-client.ts'
import { expect, test } from './studio.ts'

/** The page for guests, in a browser of its own that knows nothing of the studio. */

needsLiveKit()

/** Also when a test fails. */
let stop: (() => void) | undefined
test.afterEach(() => stop?.())

test('a second device joins a room call by a link, alone, and only while it is open', async ({ browser, dataDir }) => {
  const { call, process: host } = await startHost(dataDir)
  stop = () => host.kill('SIGKILL')
  const local = ConnectionId.parse('local')
  const agent_id = await addAgent(call, 'Ada')
  const { session } = await call('session.start', { agent_id, modality: 'voice', connection_id: local })
  const { session_id } = session
  const invite = await call('room.invite', { session_id })
  expect(invite.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)

  const device = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ['microphone'] })
  const page = await device.newPage()
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.goto(invite.url)
  expect(page.url()).not.toContain('#')
  await page.getByLabel('Your name').fill('Ben')
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('status')).toContainText('You are in the call')
  await expect(page.getByRole('listitem').filter({ hasText: 'The agent' }).or(page.getByText('Ada'))).toBeVisible()
  const people = async () => (await call('room.list', { connection_id: local })).rooms.flatMap((room) => room.participants)
  await expect.poll(async () => (await people()).find(({ name }) => name === 'Ben')?.kind).toBe('standard')

  // Another browser cannot use the same link; this one may come again.
  const second = await browser.newContext({ ignoreHTTPSErrors: true })
  const late = await second.newPage()
  await late.goto(invite.url)
  await late.getByRole('button', { name: 'Join' }).click()
  await expect(late.getByRole('status')).toContainText('used on another device')
  await page.reload()
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('status')).toContainText('You are in the call')

  await page.getByRole('button', { name: 'Leave' }).click()
  await expect(page.getByRole('status')).toContainText('You have left')
  await call('room.close_invite', { session_id })
  await page.getByRole('button', { name: 'Join' }).click()
  await expect(page.getByRole('status')).toContainText('closed')
  await call('session.stop', { session_id })
  await expect.poll(people).toEqual([])
  expect(faults).toEqual([])
})
