import { randomInt } from 'node:crypto'
import { AgentId, type SessionId } from '../../core/contract/ids.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { SessionRoom } from '../../core/contract/room-join.ts'
import type { CallerDetails } from '../../core/contract/sessions.ts'
import type { CallInput, Lease, StoredSession } from '../../core/store/calls.ts'
import type { RouteDecision } from '../../core/routing/decision.ts'

export type StartInput = ParsedInputOf<'session.start'>

type Begun = Readonly<{
  session_id: SessionId
  agent_name: string
  revision: number
  lease: Lease
  room?: SessionRoom
  /** With which it was asked for. */
  key_id?: string | undefined
}>

/** A call that the studio begins. */
export function startedSession(given: StartInput, { room, key_id, ...begun }: Begun): StoredSession {
  const { agent_id, modality, variables, script, seed, what_if, tools, as } = given
  const input: CallInput = {
    variables: { ...variablesOf(as), ...variables },
    script,
    seed: seed ?? randomInt(2 ** 31),
    what_if,
    ...(tools && { tools }),
    ...(as && { as }),
    ...(key_id !== undefined && { key_id }),
  }
  return { ...fresh(begun), kind: room ? 'room' : 'direct', modality, agent_id, input, ...(room && { room }) }
}

/** What prompts may say of the caller, as a frontend's metadata would bring it. */
const variablesOf = ({ user_id, user_details }: CallerDetails = {}): CallInput['variables'] => ({
  ...(user_id !== undefined && { user_id }),
  ...(user_details !== undefined && { user_details }),
})

/** Somebody says more of who calls: what is given replaces, what is absent stays. */
export function withCaller(input: CallInput, details: CallerDetails): CallInput {
  const { as, variables } = input
  const metadata = { ...as?.metadata, ...details.metadata }
  const attributes = { ...as?.attributes, ...details.attributes }
  return {
    ...input,
    variables: { ...variables, ...variablesOf(details) },
    as: { ...as, ...details, metadata, attributes },
  }
}

type Dispatched = Begun & Readonly<{ room: SessionRoom; agent_id: AgentId; decision: RouteDecision }>

/** A call that a client of a server asked for. */
export function dispatchedSession({ agent_id, decision, room, key_id, ...begun }: Dispatched): StoredSession {
  const { variables, overrides, user_id, rule } = decision
  const input: CallInput = {
    variables,
    script: [],
    seed: randomInt(2 ** 31),
    what_if: {},
    ...(user_id !== undefined && { user_id }),
    ...(key_id !== undefined && { key_id }),
    ...(Object.keys(overrides).length > 0 && { overrides }),
  }
  return { ...fresh(begun), kind: 'room', modality: 'voice', agent_id, input, room, ...(rule && { route: rule }) }
}

/** Stands where no agent could be found. */
export const NOBODY = { agent_id: AgentId.parse('nobody'), agent_name: 'Nobody', revision: 1 } as const

const fresh = (begun: Omit<Begun, 'room' | 'key_id'>) =>
  ({ ...begun, state: 'starting', attempt: 1, started_at: Date.now(), turn_count: 0, preview: '' }) as const
