import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectEngine } from '../agent-runtime/engines/engine-client.ts'
import { newAddress, startEngine } from '../agent-runtime/engines/testing/start-engine.ts'
import { callerVoice } from '../agent-runtime/session/testing/caller-voice.ts'
import type { DocumentJson, OutputOf } from '../core/contract/index.ts'
import { memoryOf } from '../e2e/memory.ts'
import { createCallFollower } from '../host/cli/call-follower.ts'
import { openCallerLine } from '../host/cli/caller-line.ts'
import { localLink } from '../host/cli/local-link.ts'
import type { StudioLink } from '../host/cli/studio-link.ts'
import { createHost } from '../host/host.ts'
import type { Sample } from './measure.ts'

const CALLS = 10
const PATIENCE_MS = 120_000

const agent: DocumentJson = {
  format: 1,
  agent_id: 'bench',
  name: 'Bench',
  prompt_config: { instructions: 'You are a friendly interviewer. Ask one short question.' },
  schema_config: {
    spoken_field: 'system_response',
    fields: [{ field_name: 'system_response', field_type: 'str', description: 'What is said', metadata: { use_in_tts: true } }],
  },
  stt_config: { provider: 'builtin', language: 'en' },
  llm_config: { provider: 'builtin', temperature: 0 },
  tts_config: { provider: 'builtin' },
}

type Started = Readonly<{ link: StudioLink; agent_id: OutputOf<'agent.create'>['head']['agent_id']; close: () => Promise<void> }>

/** A real host, whose calls share what runs beside it. */
async function startStudio(): Promise<Started> {
  const data_dir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
  const host = await createHost({ data_dir, samples_dir: null, models_dir: process.env['GREENROOM_TEST_MODELS'] ?? '' })
  const link = await localLink(host)
  const { head } = await link.call('agent.create', { source: { kind: 'document', content: agent } })
  const close = async () => {
    await link.close()
    await rm(data_dir, { recursive: true, force: true })
  }
  return { link, agent_id: head.agent_id, close }
}

/** A voice call whose caller is there and silent; `ask` says a sentence and tells how long it took from its end to the first audio. */
async function startCall({ link, agent_id }: Started) {
  const { session, media_path } = await link.call('session.start', { agent_id, modality: 'voice' })
  const { session_id } = session
  const follower = createCallFollower(session_id)
  await link.followSession(session_id, follower.receive, () => undefined)
  const line = await openCallerLine(link.openMedia(media_path))
  await follower.until('the agent listening', ({ agent_state }) => agent_state === 'listening', PATIENCE_MS)
  return {
    async ask(pcm: Int16Array): Promise<number> {
      const before = follower.view().turns.length
      await line.say(pcm)
      const view = await follower.until('audio', ({ turns }) => turns[before]?.times.t5 !== undefined, PATIENCE_MS)
      const { t0 = 0, t5 = 0 } = view.turns[before]?.times ?? {}
      await link.call('session.interrupt', { session_id })
      await follower.until('the end of the turn', ({ turns }) => turns[before]?.state === 'committed', PATIENCE_MS)
      return t5 - t0
    },
    hangUp: async () => {
      line.hangUp()
      await link.call('session.stop', { session_id })
    },
  }
}

/** Spoken beforehand, by an engine that is gone when the calls begin. */
async function sentence(): Promise<Int16Array> {
  const engine = await startEngine('speech', await newAddress(), process.env['GREENROOM_TEST_MODELS'])
  const pcm = await callerVoice(engine.address, 'I have worked for three years on an audio engine.')
  connectEngine(engine.address).close()
  engine.child.kill()
  await engine.ended
  return pcm
}

/** Ms from the end of the caller's words to the first audio of the answer, in one call after the other while ten are open. */
export async function tenCallsBench(): Promise<Readonly<{ ours: Sample; close: () => Promise<void> }>> {
  const pcm = await sentence()
  const studio = await startStudio()
  const calls: Awaited<ReturnType<typeof startCall>>[] = []
  for (let index = 0; index < CALLS; index++) calls.push(await startCall(studio))
  let next = 0
  return {
    ours: () => calls[next++ % CALLS]!.ask(pcm),
    close: async () => {
      await Promise.all(calls.map((call) => call.hangUp()))
      await studio.close()
    },
  }
}

/** MB that each call after the first one adds to the host and all that it has started, against what the first one, with its models, did. */
export async function furtherCallBench(): Promise<Readonly<{ ours: Sample; peer: Sample; close: () => Promise<void> }>> {
  const pcm = await sentence()
  const measured = async () => {
    const studio = await startStudio()
    const held = async () =>
      memoryOf(process.pid, (await studio.link.call('system.info', {})).processes).reduce((sum, { pss_mb }) => sum + pss_mb, 0)
    const calls: Awaited<ReturnType<typeof startCall>>[] = []
    const answered = async () => {
      const call = await startCall(studio)
      calls.push(call)
      await call.ask(pcm)
    }
    const none = await held()
    await answered()
    const one = await held()
    while (calls.length < CALLS) await answered()
    const all = await held()
    await Promise.all(calls.map((call) => call.hangUp()))
    await studio.close()
    return { first: one - none, further: (all - one) / (CALLS - 1) }
  }
  // Memory does not vary as time does: the rounds that warm up get the same figures.
  let once: ReturnType<typeof measured> | undefined
  const get = () => (once ??= measured())
  return { ours: async () => (await get()).further, peer: async () => (await get()).first, close: () => Promise.resolve() }
}
