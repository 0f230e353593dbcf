import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import type { TestLiveKit } from '../../livekit/testing/livekit-server.ts'
import type { CallerOrder } from './caller-process.ts'

/** Resolves when it is in the room. */
export async function forkCaller(server: TestLiveKit, { token }: Pick<RoomJoin, 'token'>, voice = true): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL('./caller-process.ts', import.meta.url))
  const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.send({ url: server.url, token, voice } satisfies CallerOrder)
  await once(child, 'message')
  return child
}
