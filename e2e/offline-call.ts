/**
 * `offline-call.ts DATA_DIR FIRST.wav NEXT.wav…`: a host in offline mode, and a voice call on the models of this machine, whose prompt
 * and fields are changed after the first sentence. The next ones are said until an answer is about what only the new prompt knows: the
 * smallest model often answers past the question. Prints what happened as JSON. A program of its own, so that a test can put it, and all
 * that it starts, where there is no network.
 */
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import type { DocumentJson, JournalEvent } from '../core/contract/index.ts'
import { isJournalEvent } from '../core/contract/session-events.ts'
import { DOWN_SAMPLE_RATE, UP_SAMPLE_RATE } from '../core/contract/media.ts'
import { createCallFollower } from '../host/cli/call-follower.ts'
import { openCallerLine } from '../host/cli/caller-line.ts'
import { remoteLink } from '../host/cli/remote-link.ts'
import { readWav, toPcm16 } from '../host/cli/wav.ts'
import type { TurnView } from '../core/session/session-view.ts'
import { startHost } from './host-client.ts'
import { memoryOf, type ProcessMemory } from './memory.ts'

export type OfflineCallReport = Readonly<{
  /** Names of the network interfaces that this machine, or what it was put into, has. */
  interfaces: readonly string[]
  turns: readonly TurnView[]
  journal: readonly JournalEvent[]
  /** Samples that the caller heard, and the loudest of them. */
  reply: Readonly<{ seconds: number; peak: number }>
  memory: readonly ProcessMemory[]
}>

const PATIENCE_MS = 120_000

const agent = (instructions: string, stages: string): DocumentJson => ({
  format: 1,
  agent_id: 'shop',
  name: 'Shop',
  prompt_config: { instructions },
  schema_config: {
    spoken_field: 'system_response',
    fields: [
      { field_name: 'voice_instructions', field_type: 'str', description: 'How the voice sounds' },
      { field_name: 'system_response', field_type: 'str', description: 'What is said', metadata: { use_in_tts: true } },
      { field_name: 'stage', field_type: `Literal[${stages}]`, description: 'Where the call stands' },
    ],
  },
  stt_config: { provider: 'builtin', language: 'en' },
  llm_config: { provider: 'builtin', temperature: 0 },
  tts_config: { provider: 'builtin' },
})

const FIRST = agent('You are a polite receptionist. Greet the caller in a few words.', "'greeting', 'ending'")
const SECOND = agent(
  'You are Tom. You work at a bicycle shop and repair bicycles. Ask about the bicycle of the caller.',
  "'repairing', 'collecting'",
)
const ABOUT_SECOND = /bike|bicycle/i

async function offlineCall(dataDir: string, sentences: readonly string[]): Promise<OfflineCallReport> {
  const host = await startHost(dataDir)
  // Also when this fails.
  process.once('exit', () => host.process.kill('SIGTERM'))
  const link = remoteLink(JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8')))
  await link.call('setting.set', { offline: true })
  const { head } = await link.call('agent.create', { source: { kind: 'document', content: FIRST } })
  const { agent_id } = head
  const { session, media_path } = await link.call('session.start', { agent_id, modality: 'voice' })
  const { session_id } = session
  const call = createCallFollower(session_id)
  const journal: JournalEvent[] = []
  const leave = await link.followSession(
    session_id,
    (event) => {
      if (isJournalEvent(event)) journal.push(event)
      call.receive(event)
    },
    () => call.fail(new Error('the host went away')),
  )
  const line = await openCallerLine(link.openMedia(media_path))
  const say = async (file: string, turns: number) => {
    await line.say(toPcm16(readWav(readFileSync(file)), UP_SAMPLE_RATE))
    await call.until('an answer', (view) => view.turns.filter(({ state }) => state === 'committed').length >= turns, PATIENCE_MS)
  }
  await call.until('the agent listening', ({ agent_state }) => agent_state === 'listening', PATIENCE_MS)
  const [first = '', ...next] = sentences
  await say(first, 1)
  const saved = await link.call('agent.save', { agent_id, content: SECOND, based_on: head.revision })
  await call.until(
    'the saved change in use',
    () => journal.some((event) => event.type === 'config.changed' && event.revision === saved.revision),
    PATIENCE_MS,
  )
  for (const [index, sentence] of next.entries()) {
    await say(sentence, index + 2)
    if (ABOUT_SECOND.test(call.view().turns.at(-1)?.spoken ?? '')) break
  }
  const memory = memoryOf(host.pid, (await link.call('system.info', {})).processes)
  await link.call('session.stop', { session_id })
  await call.until('the end of the call', ({ ended }) => ended !== undefined, PATIENCE_MS)
  const heard = line.heard()
  line.hangUp()
  leave()
  host.process.kill('SIGTERM')
  await host.exited
  return {
    interfaces: Object.keys(networkInterfaces()),
    turns: call.view().turns,
    journal,
    reply: {
      seconds: heard.length / DOWN_SAMPLE_RATE,
      peak: heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    },
    memory,
  }
}

const [dataDir = '', ...sentences] = process.argv.slice(2)
console.log(JSON.stringify(await offlineCall(dataDir, sentences)))
process.exit(0)
