import { RpcError, type Room, type RpcInvocationData } from 'livekit-client'
import { expect, test } from 'vitest'
import { createRoomAnswers } from './room-answers.ts'

test('only an agent may ask what the app would do; a guest of the room is refused', async () => {
  const methods = new Map<string, (data: RpcInvocationData) => Promise<string>>()
  const room = {
    remoteParticipants: new Map([
      ['guest', { isAgent: false }],
      ['agent', { isAgent: true }],
    ]),
    registerRpcMethod: (method: string, answer: (data: RpcInvocationData) => Promise<string>) => methods.set(method, answer),
    unregisterRpcMethod: (method: string) => methods.delete(method),
  }
  const answers = createRoomAnswers(() => undefined)
  answers.offer([{ method: 'open_map', name: 'open_map', suggested: '{}' }])
  answers.answerAlways('open_map', '{"ok":true}')
  answers.bind(room as unknown as Room)
  const ask = (callerIdentity: string) =>
    methods.get('open_map')?.({ requestId: callerIdentity, callerIdentity, payload: '{}', responseTimeout: 5000 })
  await expect(ask('guest')).rejects.toBeInstanceOf(RpcError)
  expect(await ask('agent')).toBe('{"ok":true}')
  expect(await ask('agent-whom-nobody-announced')).toBe('{"ok":true}')
  await expect(
    methods.get('agent.turn')?.({ requestId: '1', callerIdentity: 'guest', payload: '{}', responseTimeout: 5000 }),
  ).rejects.toThrow()
})
