import type { Json, JsonObject } from '../../core/json.ts'
import type { AgentId } from '../../core/contract/ids.ts'

/** Asks the caller's frontend; rejects with an Error whose text may be told. */
export type ToolRpc = (method: string, payload: string, timeout_ms: number) => Promise<string>

/** What a call does for its tools. */
export type ToolPort = Readonly<{
  /** A function of the extension that registers the agent's type; rejects with an Error whose text may be told. */
  extension: (tool: string, given: JsonObject, timeout_ms: number) => Promise<Json>
  /** Resolves when everything told so far is on disk; rejects when nobody says so in time. */
  durable: () => Promise<void>
  /** Absent when there is no frontend that could be asked. */
  rpc: () => ToolRpc | undefined
  /** The call is over when the present turn is. */
  endCall: () => void
  /** Resolves to nothing when another agent has taken over, or to the reason why none did. */
  handoff: (agent_id: AgentId, history: 'keep' | 'clear') => Promise<string | undefined>
}>

/** Of a tool that is tried outside of a call. */
export const NO_CALL: ToolPort = {
  extension: () => Promise.reject(new Error('this is no call')),
  durable: () => Promise.resolve(),
  rpc: () => undefined,
  endCall: () => undefined,
  handoff: () => Promise.resolve('this is no call'),
}
