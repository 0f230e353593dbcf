import type { AgentState, SessionEvent } from '../../../core/contract/session-events.ts'
import type { RoomOut } from './room-out.ts'
import { createSendQueue } from './send-queue.ts'

/** Under this name LiveKit's frontends look for what the agent is doing. */
const STATE_ATTRIBUTE = 'lk.agent.state'

export type AgentStateAttribute = Readonly<{
  tell: (events: readonly SessionEvent[]) => void
  /** The agent is in the room, or there again. */
  again: () => void
}>

/** Tells the newest state; one that lasted shorter than it takes to tell it is left out. */
export function createAgentState(out: RoomOut): AgentStateAttribute {
  const queue = createSendQueue()
  let state: AgentState = 'initializing'
  let told: AgentState | undefined

  const send = () =>
    queue.add(async () => {
      if (state === told || !out.isUp()) return
      const sent = state
      await out.setAttributes({ [STATE_ATTRIBUTE]: sent })
      told = sent
    })
  return {
    tell(events) {
      for (const event of events) if (event.type === 'agent.state') state = event.state
      if (state !== told) send()
    },
    again() {
      told = undefined
      send()
    },
  }
}
