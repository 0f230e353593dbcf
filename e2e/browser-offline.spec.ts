import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { startOpenAiServer } from '../agent-runtime/providers/testing/openai-server.ts'
import type { DocumentJson } from '../core/contract/index.ts'
import { createCallFollower } from '../host/cli/call-follower.ts'
import { remoteLink } from '../host/cli/remote-link.ts'
import { startHost } from './host-client.ts'
import type { OfflineCallReport } from './offline-call.ts'
import { recordCaller } from './speech.ts'
import { expect, test } from './studio.ts'

/** Needs no page: the host, its processes and a caller. */

const NODE = process.env.GREENROOM_NODE ?? process.execPath
/** A network that is only loopback, for a program and all that it starts; where the system lets one have it. */
const CONFINED = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']
const canConfine = spawnSync(CONFINED[0]!, [...CONFINED.slice(1), 'true']).status === 0

/** Also when a test fails. */
let stop: (() => void) | undefined
test.afterEach(() => stop?.())

test('a call whose caller, model and voice are on this machine, where there is no network', async ({ dataDir }) => {
  const sentences = ['Good morning.', 'What do you do there?', 'Can you tell me what you do for a living?', 'What do you sell?']
  const spoken = sentences.flatMap((text) => recordCaller([{ text, pause_s: 0.4 }], 0.3) ?? [])
  test.skip(spoken.length === 0, 'needs weights in GREENROOM_TEST_MODELS')
  if (!canConfine) console.log('Offline call: with the network in reach, because this system gives no network of its own')
  test.setTimeout(300_000)
  const program = [NODE, join(import.meta.dirname, 'offline-call.ts'), dataDir, ...spoken]
  const [command = '', ...args] = canConfine ? [...CONFINED, ...program] : program
  const ran = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64e6 })
  expect(ran.stderr).toBe('')
  const report: OfflineCallReport = JSON.parse(ran.stdout)
  if (canConfine) expect(report.interfaces.filter((name) => name !== 'lo')).toEqual([])

  const [first, ...next] = report.turns
  expect(first).toMatchObject({ revision: 1, output: { stage: expect.stringMatching(/^(greeting|ending)$/) } })
  expect(first?.heard).toMatch(/good morning/i)
  expect(first?.spoken).not.toMatch(/bike|bicycle/i)
  for (const turn of next)
    expect(turn).toMatchObject({ revision: 2, output: { stage: expect.stringMatching(/^(repairing|collecting)$/) } })
  expect(next[0]?.heard).toMatch(/what do you do/i)
  expect(next.at(-1)?.spoken).toMatch(/bike|bicycle/i)
  expect(report.reply.seconds).toBeGreaterThan(3)
  expect(report.reply.peak).toBeGreaterThan(2000)
  console.log(waterfall(report))
})

test('offline, a server of this machine’s network is never asked; online again, it is', async ({ dataDir }) => {
  const outside = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')
  test.skip(!outside, 'this machine has no address but loopback')
  const server = await startOpenAiServer({ host: outside!.address })
  const host = await startHost(dataDir)
  stop = () => host.process.kill('SIGTERM')
  const link = remoteLink(JSON.parse(readFileSync(join(dataDir, 'host.json'), 'utf8')))
  const block = { provider: 'openai-compatible', base_url: server.base_url, model: 'test-model' }
  const { head } = await link.call('agent.create', { source: { kind: 'document', content: agent(block) } })
  const { agent_id } = head
  const call = async (modality: 'voice' | 'text') => {
    const { session } = await link.call('session.start', { agent_id, modality })
    const follower = createCallFollower(session.session_id)
    await link.followSession(session.session_id, follower.receive, () => undefined)
    return {
      ...follower,
      say: async (text: string) => {
        const before = follower.view().turns.filter(({ state }) => state === 'committed').length
        await link.call('session.say', { session_id: session.session_id, text })
        const done = (count: number) => (view: ReturnType<typeof follower.view>) =>
          view.turns.filter(({ state }) => state === 'committed').length > count
        return (await follower.until('an answer', done(before), 60_000)).turns.at(-1)!
      },
      stop: () => link.call('session.stop', { session_id: session.session_id }),
    }
  }

  await link.call('setting.set', { offline: true })
  const said = await call('text')
  const answer = await said.say('Hello?')
  expect(answer.spoken).not.toBe('')
  await said.stop()
  const spoken = await call('voice')
  const left = await spoken.until('what is left out', ({ events }) => substituted(events).length === 3, 60_000)
  await spoken.stop()
  expect(substituted(left.events).map(({ kind, asked }) => [kind, asked])).toEqual(
    ['stt', 'llm', 'tts'].map((kind) => [kind, 'openai-compatible test-model']),
  )
  for (const { reason } of substituted(left.events)) expect(reason).toContain('offline mode')
  for (const kind of ['stt', 'llm', 'tts'] as const) {
    await expect(link.call('provider.check', { kind, block })).rejects.toThrow(/offline/i)
    await expect(link.call('provider.models', { kind, block })).rejects.toThrow(/offline/i)
  }
  await expect(link.call('model.get', { id: 'qwen3-1.7b' })).rejects.toThrow(/offline/i)
  expect(server.requests).toEqual([])

  await link.call('setting.set', { offline: false })
  const online = await call('text')
  expect((await online.say('Hello?')).spoken).toContain('You said: Hello?')
  const asked = server.requests.length
  expect(asked).toBeGreaterThan(0)
  // In the middle of a call, too.
  await link.call('setting.set', { offline: true })
  await online.until('what answers instead', ({ events }) => substituted(events).length === 1, 60_000)
  const instead = await online.say('And now?')
  expect(instead.spoken).not.toBe('')
  expect(instead.spoken).not.toContain('You said: And now?')
  expect(server.requests.length).toBe(asked)
  await online.stop()
  host.process.kill('SIGTERM')
  await host.exited
  await server.close()
})

const agent = (block: Readonly<Record<string, string>>): DocumentJson => ({
  format: 1,
  agent_id: 'cloud',
  name: 'Cloud',
  prompt_config: { instructions: 'Be kind.' },
  schema_config: {
    spoken_field: 'system_response',
    fields: [{ field_name: 'system_response', field_type: 'str', description: 'What is said', metadata: { use_in_tts: true } }],
  },
  stt_config: block,
  llm_config: block,
  tts_config: block,
})

type Events = ReturnType<ReturnType<typeof createCallFollower>['view']>['events']
const substituted = (events: Events) => events.filter((event) => event.type === 'provider.substituted')

/** For people: how long each part of each turn took, and what the processes hold. */
function waterfall({ turns, memory }: OfflineCallReport): string {
  const PARTS = ['transcription', 'end of turn', 'first token', 'first words', 'first audio', 'heard']
  const lines = turns.map(({ times: { t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0 } }, index) => {
    const at = [t0, t1, t2, t3, t4, t5, t6]
    const parts = PARTS.map((part, step) => `${part} ${Math.round((at[step + 1] ?? 0) - (at[step] ?? 0))}`)
    return `turn ${index + 1}: ${parts.join(', ')} = ${Math.round(t6 - t0)} ms`
  })
  const held = memory.map(({ name, pss_mb }) => `${name} ${Math.round(pss_mb)}`)
  return [...lines, `memory (PSS): ${held.join(', ')} MB`].join('\n')
}
