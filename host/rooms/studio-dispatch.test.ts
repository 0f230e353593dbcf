import { v7 } from 'uuid'
import { expect, onTestFinished, test } from 'vitest'
import { ConnectionId } from '../../core/contract/connections.ts'
import { SessionId } from '../../core/contract/ids.ts'
import { createServerApi } from '../livekit/server-api.ts'
import { noLiveKit, startLiveKit } from '../livekit/testing/livekit-server.ts'
import { startStudioDispatch } from './studio-dispatch.ts'

const missing = noLiveKit()
if (missing) test.skip(missing)

test.skipIf(missing)(
  'a dispatch that the server accepts and nobody takes is asked for twice, then told; given up, nothing of it is left',
  async () => {
    const server = await startLiveKit()
    onTestFinished(server.close)
    const connection_id = ConnectionId.parse('test')
    const connection = { ...server, connection_id, key: connection_id, name: 'Test', serve: false, automatic: false }
    const session_id = SessionId.parse(v7())
    const wanted = { session_id, room_name: 'r', private_name: 'studio-x', connection, job_ms: 300 }
    const dispatch = startStudioDispatch({ ...wanted, worker: { ready: () => Promise.resolve() } })
    await expect(dispatch.grant).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('gave it to nobody'),
    })
    await dispatch.forget()

    const slow = startStudioDispatch({ ...wanted, room_name: 's', worker: { ready: () => new Promise(() => undefined) } })
    await slow.roomIsThere
    const offer = { room_name: 's', connection_id }
    expect([slow.isWanted(offer), slow.isWanted({ ...offer, room_name: 'r' })]).toEqual([true, false])
    await slow.forget()
    expect(slow.isWanted(offer)).toBe(false)
    await expect(slow.grant).rejects.toMatchObject({ code: 'conflict' })
    const late = startStudioDispatch({
      ...wanted,
      worker: { ready: () => Promise.reject(new Error('not registered')) },
    })
    await expect(late.grant).rejects.toThrow('not registered')
    expect(await createServerApi(connection).participants('r')).toEqual([])
  },
)
