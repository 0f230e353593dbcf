import type { Invite } from '../../../core/contract/index.ts'
import type { IcePath } from './ice-path.ts'
import type { AgentTurn, RpcCall, ToolQuestion } from './rpc-log.ts'
import { NO_RECEIPTS, type TurnReceipts } from './turn-receipts.ts'

/**
 * Of this window to the room. `signal`: only the signalling broke, sound goes on. `rejoining`: LiveKit gave up, we begin anew with a
 * fresh token. `replaced`: another window is the caller now. `left`: it is over.
 */
export type RoomLink = 'joining' | 'connected' | 'signal' | 'reconnecting' | 'rejoining' | 'replaced' | 'left'

export type Quality = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown'

export type RoomPerson = Readonly<{
  identity: string
  name: string
  kind: 'standard' | 'sip' | 'agent' | 'other'
  /** This window. */
  here: boolean
  speaking: boolean
  /** Has a microphone that is on. */
  audible: boolean
  quality: Quality
  attributes: Readonly<Record<string, string>>
  metadata: string
}>

/** What this window knows of its room, as any frontend would: nothing of it comes from the host. */
export type RoomState = Readonly<{
  as: 'caller' | 'observer'
  connection_id: string
  room_name: string
  identity: string
  link: RoomLink
  /** When the link came into this state, ms. */
  since: number
  /** Why it is not connected. */
  problem?: string | undefined
  quality: Quality
  path?: IcePath | undefined
  people: readonly RoomPerson[]
  receipts: TurnReceipts
  /** `agent.turn` RPCs received, newest last. */
  agentTurns: readonly AgentTurn[]
  /** RPCs sent from the console, newest last. */
  sent: readonly RpcCall[]
  /** What the agent asks this app to do, oldest first. */
  questions: readonly ToolQuestion[]
  /** Methods that this window answers. */
  answers: readonly string[]
  digits: string
  /** A way in for another device, while it is open. */
  invite?: Invite | undefined
  /** What was told at the end of the call (`conversation-summary`). */
  summary?: string | undefined
}>

export const emptyRoom = (
  of: Readonly<Pick<RoomState, 'as' | 'connection_id' | 'room_name' | 'identity' | 'since'>>,
): RoomState => ({
  ...of,
  link: 'joining',
  quality: 'unknown',
  people: [],
  receipts: NO_RECEIPTS,
  agentTurns: [],
  sent: [],
  questions: [],
  answers: [],
  digits: '',
})

export const withLink = (state: RoomState, link: RoomLink, since: number, problem?: string): RoomState =>
  state.link === link && state.problem === problem ? state : { ...state, link, since, problem }

/** The agent of this call; when it is not known by name, the first one that is there. */
export const agentOf = (people: readonly RoomPerson[], identity?: string): RoomPerson | undefined =>
  people.find((person) => person.identity === identity) ?? people.find(({ kind }) => kind === 'agent')

/** This window first, then the agent, then the others by name. */
export const sortPeople = (people: readonly RoomPerson[]): readonly RoomPerson[] =>
  [...people].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.identity.localeCompare(b.identity))

const rank = ({ here, kind }: RoomPerson): number => (here ? 0 : kind === 'agent' ? 1 : 2)

/** How long the session waits for its caller (R2), and how long it can be taken up again afterwards. */
export const WAITS_S = 20
export const COMES_BACK_MIN = 10

/** What happens to a call whose connection is not as it should be; undefined while all is well. */
export function linkWords({
  link,
  problem,
}: Pick<RoomState, 'link' | 'problem'>): Readonly<{ title: string; text: string }> | undefined {
  const why = problem === undefined ? '' : `${problem} `
  switch (link) {
    case 'joining':
    case 'connected':
    case 'left':
      return undefined
    case 'signal':
      return { title: 'The line to the LiveKit server broke', text: `${why}Sound may go on meanwhile. Reconnecting…` }
    case 'reconnecting':
      return {
        title: 'The connection to the room broke',
        text: `${why}Reconnecting; the agent waits ${WAITS_S} seconds for you, and what it says meanwhile is sent again.`,
      }
    case 'rejoining':
      return {
        title: 'Joining the room again',
        text: `${why}The agent waits ${WAITS_S} seconds. After that the call ends as connection lost, and goes on from its journal when you are back within ${COMES_BACK_MIN} minutes.`,
      }
    case 'replaced':
      return {
        title: 'Another window is the caller now',
        text: 'The same call was joined elsewhere. Read along here, or bring it back.',
      }
  }
}
