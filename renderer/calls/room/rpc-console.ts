import { RpcError } from 'livekit-client'
import { rpcDone, withNewest } from './rpc-log.ts'
import type { RoomState } from './room-state.ts'

/** Sends an RPC and keeps what came of it, with its time. */
export function createRpcConsole(
  perform: (to: string, method: string, payload: string) => Promise<string>,
  update: (change: (state: RoomState) => RoomState) => void,
): Readonly<{ send: (to: string, method: string, payload: string) => void }> {
  let ids = 0
  return {
    send(to, method, payload) {
      const id = ++ids
      const began = performance.now()
      const took_ms = () => performance.now() - began
      update((state) => ({
        ...state,
        sent: withNewest(state.sent, { id, to, method, payload, at: Date.now(), state: 'waiting' }),
      }))
      const done = (result: Parameters<typeof rpcDone>[2]) =>
        update((state) => ({ ...state, sent: rpcDone(state.sent, id, result) }))
      perform(to, method, payload).then(
        (text) => done({ state: 'answered', text, took_ms: took_ms() }),
        (cause: unknown) =>
          done({
            state: 'failed',
            text: cause instanceof Error ? cause.message : String(cause),
            took_ms: took_ms(),
            ...(cause instanceof RpcError ? { code: cause.code } : {}),
          }),
      )
    },
  }
}
