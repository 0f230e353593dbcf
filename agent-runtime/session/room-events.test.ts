import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Room } from '@livekit/rtc-node'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { TenantId } from '../../core/contract/ids.ts'
import { EVENT_TOPIC } from '../../core/room/turn-stream.ts'
import { noLiveKit, startLiveKit, type TestLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { callerToken } from '../../host/livekit/tokens.ts'
import { startOpenAiServer, type OpenAiTestServer } from '../providers/testing/openai-server.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { joinAsCaller, roomSpec } from './testing/room-caller.ts'
import { startRuntime, type RuntimeProcess } from './testing/runtime-process.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

const NEWS = `import { defineExtension } from 'greenroom/extension'
export default defineExtension({
  agent_type: 'news',
  name: 'News',
  hooks: { onEvent: ({ tenant_id }, { name, data }) => ({ context: [tenant_id, name, JSON.stringify(data)].join(' ') + '.' }) },
})
`

describe.skipIf(missing)('the app of a caller in a room', () => {
  let folder: string
  let server: TestLiveKit
  let runtime: RuntimeProcess
  let llm: OpenAiTestServer
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'greenroom extensions '))
    await writeFile(join(folder, 'news.mjs'), NEWS)
    vi.stubEnv('GREENROOM_EXTENSIONS', folder)
    ;[server, runtime, llm] = await Promise.all([startLiveKit(), startRuntime(), startOpenAiServer()])
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await runtime.stop()
    await Promise.all([server.close(), llm.close(), rm(folder, { recursive: true, force: true })])
  })

  test('tells the extension what happens, by data message or RPC; what guests send is nothing', async () => {
    const agent = {
      ...interviewAgent,
      agent_type: 'news',
      llm_config: { provider: 'openai-compatible', model: 'test-model', base_url: llm.base_url },
    }
    const room = await roomSpec(server, 'events', 'events')
    const spec = { modality: 'text', room: { ...room, caller_identity: 'caller' }, tenant_id: TenantId.parse('acme') } as const
    const call = runtime.start(agent, spec)
    const caller = await joinAsCaller(server, 'events', { microphone: false })
    await call.event('turn.committed')
    const guest = new Room()
    const token = await callerToken(server, { room_name: 'events', identity: 'guest' })
    await guest.connect(server.url, token, { autoSubscribe: false, dynacast: false })
    const send = async (from: Room, text: string) =>
      from.localParticipant?.publishData(new TextEncoder().encode(text), { reliable: true, topic: EVENT_TOPIC })
    // Before the agent has been told that there is such a guest.
    await guest.localParticipant?.publishDtmf(1, '1')
    await send(guest, '{"name": "door", "data": "a guest opens it"}')
    await expect(
      guest.localParticipant?.performRpc({ destinationIdentity: room.identity, method: EVENT_TOPIC, payload: '{"name": "x"}' }),
    ).rejects.toThrow('only the caller')

    await send(caller.room, 'no JSON')
    await send(caller.room, JSON.stringify({ name: 'long', data: 'x'.repeat(15_000) }))
    await call.event('notice', ({ text }) => text.includes('was not understood: data is longer than 15000'))
    await call.event('notice', ({ text }) => text.includes('was not understood: it is no JSON'))
    await send(caller.room, `{"name": "deep", "data": ${'['.repeat(6000)}${']'.repeat(6000)}}`)
    await call.event('notice', ({ text }) => text.includes('was not understood: it is nested too deeply'))
    await expect(caller.rpc(EVENT_TOPIC, { data: 1 })).rejects.toThrow('not understood: name')
    await send(caller.room, '{"name": "door", "data": {"open": true}}')
    expect(await caller.rpc(EVENT_TOPIC, { name: 'bell' })).toEqual({})
    await caller.type('What is new?')
    await call.event('turn.committed', () => true, 2)
    const { messages } = Object(llm.requests.at(-1)?.body)
    const told = String(messages[0].content)
    expect(told).toContain('acme door {"open":true}.')
    expect(told).toContain('acme bell null.')
    expect(told).not.toMatch(/a guest opens it|xxxx/)
    await guest.disconnect()
    await caller.leave()
    await call.message('ended')
  })
})
