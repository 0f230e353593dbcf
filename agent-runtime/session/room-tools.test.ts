import { RpcError } from '@livekit/rtc-node'
import { describe, expect, test } from 'vitest'
import { noLiveKit, startLiveKit } from '../../host/livekit/testing/livekit-server.ts'
import { interviewAgent } from './testing/interview-agent.ts'
import { joinAsCaller, roomSpec } from './testing/room-caller.ts'
import { startRuntime } from './testing/runtime-process.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

describe.skipIf(missing)('a client tool in a room of a real server', () => {
  test('is done by the caller’s app, which may refuse, and one that it does not have is told', async () => {
    const [server, runtime] = await Promise.all([startLiveKit(), startRuntime()])
    const tools = [
      { type: 'client', name: 'show_map', method: 'map.show', parameters: [{ field_name: 'place_name', field_type: 'str' }] },
      { type: 'client', name: 'open_door' },
      { type: 'client', name: 'play_song' },
    ]
    const room = await roomSpec(server, 'tools', 'tools')
    const content = { ...interviewAgent, prompt_config: { instructions: 'Help.', greeting: '' }, tools }
    const call = runtime.start(content, { modality: 'text', room })
    const caller = await joinAsCaller(server, 'tools')
    const asked: string[] = []
    caller.room.localParticipant?.registerRpcMethod('map.show', ({ payload }) => {
      asked.push(payload)
      return Promise.resolve('{"shown": true}')
    })
    caller.room.localParticipant?.registerRpcMethod('open_door', () => {
      throw new RpcError(1500, 'The door is locked')
    })
    await call.event('participant', ({ caller: heard }) => heard)
    call.say('Hi, my name is Ada. Show map, open door and play song.')
    const done = (tool: string) => call.event('tool.done', (event) => event.tool === tool)
    expect(await done('show_map')).toMatchObject({ outcome: 'ok', result: { shown: true } })
    expect(asked).toEqual(['{"place_name":"Ada"}'])
    expect((await done('open_door')).error?.message).toContain('The door is locked')
    expect((await done('play_song')).outcome).toBe('failed')
    expect((await call.event('turn.committed')).spoken).toContain('show map answered: shown: true.')
    await call.end()
    await caller.leave()
    await runtime.stop()
    await server.close()
  })
})
