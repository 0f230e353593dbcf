import type { Logger } from 'pino'
import type { AgentId, SessionId } from '../../core/contract/ids.ts'
import type { ToRuntime } from '../../core/contract/runtime.ts'
import type { RoomSeat } from '../livekit/room-seat.ts'
import type { SessionMessage, SessionSlot } from '../runtime/session-pool.ts'
import { causeOf } from './session-failure.ts'

export type ProcessQuestion = Extract<SessionMessage, { type: 'sync' | 'room.token' | 'handoff' }>

export type QuestionDeps = Readonly<{
  session_id: SessionId
  /** The process that holds the call now. */
  asking: () => SessionSlot | undefined
  /** Resolves when everything that was told so far is on disk. */
  flush: () => Promise<void>
  /** Lets another agent go on, as the present one asks. */
  handOff: (agent_id: AgentId, history: 'keep' | 'clear') => Promise<void>
  seat?: RoomSeat
  /** Whether this host still has the call: who joins puts out whoever is there under the identity of its agent. */
  mayJoin: () => Promise<boolean>
  onSuperseded: () => void
  log: Logger
}>

/** What a session process asks of the host, answered to the one that asked: one that has died meanwhile needs no answer. */
export function createProcessQuestions({ session_id, asking, flush, handOff, seat, log, ...room }: QuestionDeps) {
  async function replyTo(question: ProcessQuestion): Promise<ToRuntime | undefined> {
    switch (question.type) {
      case 'sync':
        await flush()
        return { type: 'synced', session_id, sync_id: question.sync_id }
      case 'room.token': {
        if (!(await room.mayJoin())) return void room.onSuperseded()
        const token = await seat?.token()
        return { type: 'room.token', session_id, ...(token !== undefined && { token }) }
      }
      case 'handoff': {
        const { agent_id, history } = question
        // The other agent's configuration is the answer; only a refusal is told.
        return handOff(agent_id, history).then(
          () => undefined,
          (error: unknown) => ({ type: 'handoff.refused', session_id, agent_id, reason: causeOf(error).message }),
        )
      }
    }
  }

  return {
    answer(question: ProcessQuestion): void {
      const asked = asking()
      replyTo(question)
        .then((reply) => (reply && asking() === asked ? asked?.send(reply) : undefined))
        .catch((error: unknown) => log.debug({ session_id, error }, 'a question of a session process was not answered'))
    },
  }
}
