import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DocumentJson } from '../core/contract/agents.ts'
import { ConnectionId } from '../core/contract/connections.ts'
import type { AgentId, SessionId } from '../core/contract/ids.ts'
import type { JournalEvent } from '../core/contract/session-events.ts'
import type { Locator, Page } from '@playwright/test'
import { noLiveKit } from '../host/livekit/testing/livekit-server.ts'
import { callHost, type CallHost } from './host-client.ts'
import type { ServerKeys } from './room-client.ts'
import { expect, test } from './studio.ts'
import { callPanel } from './workspace.ts'

/** Skips the tests of a file, saying why, when no livekit-server is found. */
export function needsLiveKit(): void {
  const missing = noLiveKit()
  test.skip(missing !== undefined, missing ?? '')
}

/** The studio's own server, whose keys nobody typed: they are in its environment alone. Undefined where that cannot be read. */
export async function localKeys(call: CallHost): Promise<ServerKeys | undefined> {
  const { local_server } = await call('connection.list', {})
  if (process.platform !== 'linux' || local_server.pid === undefined || local_server.url === undefined) return undefined
  const keys = /(?:^|\0)LIVEKIT_KEYS=([^\0:]+): ([^\0]+)/.exec(readFileSync(`/proc/${local_server.pid}/environ`, 'utf8'))
  return keys ? { url: local_server.url, api_key: keys[1] ?? '', api_secret: keys[2] ?? '' } : undefined
}

/** The door of the studio that has this data folder. */
export const hostAt = (dataDir: string): CallHost =>
  callHost(JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8')) as { origin: string; token: string })

export const CONNECTION = ConnectionId.parse('real')

/** A connection to a server that somebody else runs. */
export async function connect(
  call: CallHost,
  { url, api_key, api_secret }: ServerKeys,
  { serve = false, automatic = false } = {},
): Promise<void> {
  await call('secret.set', { name: 'lk_key', value: api_key })
  await call('secret.set', { name: 'lk_secret', value: api_secret })
  const keys = { api_key: 'secret:lk_key', api_secret: 'secret:lk_secret' }
  await call('connection.save', { name: 'Real', url, ...keys, serve, automatic })
}

/** An agent of rehearsal, which answers at once and in its own name. */
export async function addAgent(call: CallHost, name: string, content: DocumentJson = {}): Promise<AgentId> {
  const { head } = await call('agent.create', { source: { kind: 'blank' }, name })
  const document = {
    ...head.content,
    prompt_config: { instructions: `You are ${name}. Answer kindly.`, greeting: `Hello, this is ${name}.` },
    llm_config: { provider: 'rehearsal', model: 'instant' },
    stt_config: { provider: 'rehearsal' },
    tts_config: { provider: 'espeak' },
    ...content,
  }
  await call('agent.save', { agent_id: head.agent_id, content: document, based_on: head.revision })
  return head.agent_id
}

/** Starts a call in a room of `Real`, as a person does in the workspace of an agent; resolves when this window is in the room. */
export async function startInRoom(page: Page, agent_id: AgentId, how: 'Voice' | 'Text'): Promise<Locator> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/agents/${agent_id}/prompt`)
  const panel = callPanel(page)
  await panel.getByText(how, { exact: true }).click()
  await panel.getByRole('combobox', { name: 'Where the call takes place' }).click()
  await page.getByRole('option', { name: 'LiveKit room, Real' }).click()
  await panel.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(linkOf(panel)).toHaveText('')
  return panel
}

/** What is the matter with this window's line to the room; empty: nothing, it is there. */
export const linkOf = (panel: Locator): Locator => panel.getByRole('group', { name: 'Room' }).getByRole('status')

export async function say(panel: Locator, text: string): Promise<void> {
  await panel.getByRole('textbox', { name: 'What the caller says' }).fill(text)
  await panel.getByRole('textbox', { name: 'What the caller says' }).press('Enter')
}

export async function journalOf(call: CallHost, session_id: SessionId): Promise<readonly JournalEvent[]> {
  return (await call('session.journal', { session_id })).events
}

type Of<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>

/** The first event of a kind that fits, as soon as it is written. */
export async function journaled<Type extends JournalEvent['type']>(
  call: CallHost,
  session_id: SessionId,
  type: Type,
  fits: (event: Of<Type>, all: readonly JournalEvent[]) => boolean = () => true,
): Promise<Of<Type>> {
  let found: Of<Type> | undefined
  let all: readonly JournalEvent[] = []
  const look = async () => {
    all = await journalOf(call, session_id)
    found = all.find((event): event is Of<Type> => event.type === type && fits(event as Of<Type>, all))
    return found !== undefined
  }
  await expect
    .poll(look, { timeout: 60_000, intervals: [50] })
    .toBe(true)
    .catch(() => {
      throw new Error(`no such ${type} in the journal:\n${all.slice(-40).map(shown).join('\n')}`)
    })
  return found as Of<Type>
}

const shown = (event: JournalEvent): string => JSON.stringify(event).slice(0, 200)

/** A line of figures, for whoever reads the run. */
export const told = (what: string, ms: number): void => console.log(`measured: ${what}: ${Math.round(ms)} ms`)
