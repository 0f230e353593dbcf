import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { isInShare } from '../core/routing/release-share.ts'
import { noLiveKit, startLiveKit } from './livekit/testing/livekit-server.ts'
import { joinRoom } from './rooms/testing/start-room-studio.ts'
import { apiOf, spawnServer } from './testing/spawn-server.ts'
import { startOtlpReceiver } from './tracing/testing/otlp-receiver.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const EXTENSION = `export default { agent_type: 'seer', name: 'Seer',
  hooks: { onEnter: () => ({ variables: { seer: 'the seer' } }) } }\n`
const field = (field_name: string) => ({ field_name, field_type: 'str', description: 'x', required: true })
const document = (greeting: string, more: object = {}) => ({
  agent_id: 'ada',
  agent_type: 'seer',
  prompt_config: { instructions: 'Answer kindly.', greeting: `${greeting} of {{ seer }}.` },
  schema_config: { fields: ['voice_instructions', 'system_response', 'red_flags'].map(field) },
  llm_config: { provider: 'rehearsal', model: 'instant' },
  stt_config: { provider: 'rehearsal' },
  tts_config: { provider: 'espeak' },
  tracing_config: { enabled: true },
  ...more,
})
/** Nobody listens there. */
const BROKEN = { llm_config: { provider: 'openai-compatible', model: 'x', base_url: 'http://127.0.0.1:59/v1' } }

test.skipIf(missing)(
  'a release reaches its share of callers, is traced, and stops by itself when its calls fail; a tier takes fields and traces away',
  async () => {
    const collector = await startOtlpReceiver()
    const folder = await mkdtemp(join(tmpdir(), 'greenroom seers '))
    const livekit = await startLiveKit()
    onTestFinished(async () => {
      await Promise.all([livekit.close(), collector.close(), rm(folder, { recursive: true, force: true })])
    })
    await writeFile(join(folder, 'seer.mjs'), EXTENSION)
    await writeFile(join(folder, 'wrong.mjs'), 'export default {\n')
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    const served = await spawnServer('serve', { livekit, env, flags: ['--extensions', folder] })
    const api = apiOf(served.address, await served.first_key)
    expect(await api.post('/api/v1/agents/config', document('One'))).toMatchObject({ status: 201 })
    const next = { version: '1.1.0', serve: false, patch: document('Two', BROKEN) }
    expect(await api.post('/api/v1/agents/config/ada/publish', next)).toMatchObject({ status: 201 })
    const bounds = { max_error_rate: 0.4, min_sessions: 2 }
    const created = await api.post('/api/v1/releases', { agent_id: 'ada', version: '1.1.0', share: 0.5, bounds })
    expect(created).toMatchObject({ status: 201, body: { state: 'rolling', previous: '1.0.0' } })
    const release_id = String(created.body['release_id'])
    const users = Array.from({ length: 50 }, (_, index) => `user-${index}`)
    const [lucky = '', unlucky = ''] = [true, false].map((is) =>
      users.find((user) => isInShare({ release_id, share: 0.5 }, user) === is),
    )
    await served.answering()

    async function call(user_id: string) {
      const minted = await api.post('/api/livekit/token', { userName: user_id, metadata: { agent_id: 'ada', user_id } })
      const caller = await joinRoom(livekit, { token: String(minted.body['token']) })
      const { session_id } = await api.sessionIn(String(minted.body['room']))
      const greeting = await api.journaled(session_id, 'turn.committed')
      return {
        session_id,
        greeting: greeting['spoken'],
        say: async () => {
          await caller.say('Good day')
          await api.journaled(session_id, 'turn.committed', ({ turn_id }) => turn_id !== greeting['turn_id'])
        },
        stop: () => api.delete(`/api/v1/sessions/${session_id}`),
      }
    }
    const before = await call(unlucky)
    expect(before.greeting).toBe('One of the seer.')
    await before.say()
    await before.stop()
    for (let left = 2; left > 0; left -= 1) {
      const after = await call(lucky)
      expect(after.greeting).toBe('Two of the seer.')
      await after.say()
      await after.stop()
    }
    const stopped = async () => {
      for (;;) {
        const { body } = await api.get(`/api/v1/releases/${release_id}`)
        if (body['release'].state === 'stopped') return body
        await wait(50)
      }
    }
    expect(await stopped()).toMatchObject({
      release: { reason: '2 of 2 sessions of 1.1.0 had an error (100%); the bound is 40%.' },
      arms: [
        { version: '1.0.0', sessions: 1, turns: 2, error_rate: 0 },
        { version: '1.1.0', sessions: 2, error_rate: 1 },
      ],
    })
    const traced = await collector.until((spans) =>
      spans.find(({ name, attributes }) => name === 'agent_session' && attributes['greenroom.version'] === '1.1.0'),
    )
    expect(traced.attributes).toMatchObject({
      'greenroom.release_id': release_id,
      'user.id': lucky,
      'greenroom.tenant_id': 'default',
    })

    await api.put('/api/v1/tenants/default', { features: { removed_fields: ['red_flags', 'system_response'], tracing: false } })
    const again = await call(lucky)
    expect(again.greeting).toBe('One of the seer.')
    await again.say()
    const output = await api.journaled(again.session_id, 'output.done')
    expect(Object.keys(output['output'] as object).sort()).toEqual(['system_response', 'voice_instructions'])
    await again.stop()
    expect(collector.spans().some(({ attributes }) => attributes['session.id'] === again.session_id)).toBe(false)

    expect((await api.get('/api/v1/extensions')).body).toMatchObject({
      state: 'loaded',
      extensions: [{ agent_type: 'seer' }],
      problems: [{ file: 'wrong.mjs', line: expect.any(Number) as number }],
    })
    expect(served.log() + served.said()).toContain('extension wrong.mjs')
    expect((await api.get('/api/v1/tracing')).body).toMatchObject({
      targets: [{ target: `${collector.url}/v1/traces`, state: 'ok', dropped: 0 }],
    })
  },
)
