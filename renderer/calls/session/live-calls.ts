import type { SessionId } from '../../../core/contract/index.ts'
import type { StudioClient } from '../../client/studio-client.ts'
import { createCallController, type CallController } from './call-controller.ts'
import type { OpenRoom } from './join-room.ts'
import { windowCalls, type CarriedCalls } from './window-calls.ts'

/** The calls of this window, one per agent. */
export type LiveCalls = Readonly<{
  all: () => Iterable<CallController>
  /** Made when first asked for, and the same ever after. */
  of: (agent_id: string) => CallController
  /** Those whose sound is in this window. */
  carried: CarriedCalls
  /** The agent beside whose workspace a running call of this window stands: the one that it began with, whoever answers now. */
  besideAgent: (session_id: SessionId) => string | undefined
}>

/** LiveKit's client is large, and most calls are direct. */
const openRoom: OpenRoom = async (options) => (await import('../room/open-room-call.ts')).openRoomCall(options)

export function createLiveCalls(studio: StudioClient): LiveCalls {
  const controllers = new Map<string, CallController>()
  return {
    carried: windowCalls,
    all: () => controllers.values(),
    besideAgent: (session_id) => {
      for (const [agent_id, { store }] of controllers) {
        const { phase, session } = store.getState()
        if ((phase === 'live' || phase === 'stopping') && session?.session_id === session_id) return agent_id
      }
      return undefined
    },
    of: (agent_id) => {
      const known = controllers.get(agent_id)
      if (known) return known
      const created = createCallController({ studio, agent_id, origin: window.location.origin, carried: windowCalls, openRoom })
      controllers.set(agent_id, created)
      return created
    },
  }
}
