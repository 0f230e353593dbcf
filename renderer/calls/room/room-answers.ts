import { RpcError, type Room, type RpcInvocationData } from 'livekit-client'
import { TURN_RPC } from '../../../core/room/turn-stream.ts'
import { mayBeAgent } from './may-be-agent.ts'
import type { OfferedTool } from './offered-tools.ts'
import { questionDone, readAgentTurn, withNewest, withQuestion, type ToolQuestion } from './rpc-log.ts'
import type { RoomState } from './room-state.ts'

/** A little earlier than the agent gives up, so that it hears why. */
const MARGIN_MS = 300
const REFUSED = 'The person at the studio refused to answer'

const notForYou = () => new RpcError(RpcError.ErrorCode.APPLICATION_ERROR, 'Only an agent may ask this')

export type RoomAnswers = Readonly<{
  /** What this window answers from now on. */
  offer: (tools: readonly OfferedTool[]) => void
  /** Makes a new room answer the same. */
  bind: (room: Room) => void
  answer: (id: string, json: string) => void
  refuse: (id: string) => void
  /** From now on this method is answered at once, with the same. */
  answerAlways: (method: string, json: string | undefined) => void
  close: () => void
}>

type Waiting = Readonly<{ resolve: (json: string) => void; reject: (cause: Error) => void; timer: ReturnType<typeof setTimeout> }>

/** Client tools: the agent asks this window by RPC, and a person (or a kept answer) says what the app would. */
export function createRoomAnswers(update: (change: (state: RoomState) => RoomState) => void): RoomAnswers {
  const waiting = new Map<string, Waiting>()
  const always = new Map<string, string>()
  let tools: readonly OfferedTool[] = []
  let room: Room | undefined

  const settle = (id: string, state: Exclude<ToolQuestion['state'], 'open'>, answer?: string) => {
    const open = waiting.get(id)
    if (!open) return
    waiting.delete(id)
    clearTimeout(open.timer)
    update((before) => ({ ...before, questions: questionDone(before.questions, id, state, answer) }))
    if (state === 'answered') open.resolve(answer ?? 'null')
    else open.reject(new RpcError(RpcError.ErrorCode.APPLICATION_ERROR, state === 'late' ? 'Nobody answered in time' : REFUSED))
  }

  const ask = (tool: OfferedTool, { requestId, payload, responseTimeout }: RpcInvocationData): Promise<string> => {
    const kept = always.get(tool.method)
    const asked_at = Date.now()
    const question = { id: requestId, method: tool.method, tool: tool.name, payload, asked_at, suggested: tool.suggested }
    const deadline = asked_at + Math.max(500, responseTimeout - MARGIN_MS)
    const open: ToolQuestion = { ...question, deadline, state: 'open' }
    update((before) => ({
      ...before,
      questions: withQuestion(before.questions, kept === undefined ? open : { ...open, state: 'answered', answer: kept }),
    }))
    if (kept !== undefined) return Promise.resolve(kept)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(requestId, 'late'), deadline - asked_at)
      waiting.set(requestId, { resolve, reject, timer })
    })
  }

  const register = (to: Room, tool: OfferedTool) => {
    to.unregisterRpcMethod(tool.method)
    to.registerRpcMethod(tool.method, (data) =>
      mayBeAgent(to, data.callerIdentity) ? ask(tool, data) : Promise.reject(notForYou()),
    )
  }

  return {
    offer(next) {
      for (const { method } of tools) if (!next.some((tool) => tool.method === method)) room?.unregisterRpcMethod(method)
      tools = next
      if (room) for (const tool of tools) register(room, tool)
      update((before) => ({ ...before, answers: [TURN_RPC, ...tools.map(({ method }) => method)] }))
    },
    bind(next) {
      room = next
      next.registerRpcMethod(TURN_RPC, ({ payload, callerIdentity }) => {
        if (!mayBeAgent(next, callerIdentity)) return Promise.reject(notForYou())
        const turn = readAgentTurn(payload, Date.now())
        if (turn) update((before) => ({ ...before, agentTurns: withNewest(before.agentTurns, turn) }))
        return Promise.resolve('{}')
      })
      for (const tool of tools) register(next, tool)
    },
    answer: (id, json) => settle(id, 'answered', json),
    refuse: (id) => settle(id, 'refused'),
    answerAlways(method, json) {
      if (json === undefined) always.delete(method)
      else always.set(method, json)
    },
    close() {
      for (const id of [...waiting.keys()]) settle(id, 'refused')
    },
  }
}
