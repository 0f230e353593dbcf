import type { TurnId } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'

/** Another agent went on with the call. */
export type AgentSwitch = Readonly<{
  key: string
  agent_id: string
  revision: number
  history: 'keep' | 'clear'
  /** The first turn that it answered; absent: none yet. */
  before?: TurnId
}>

export type TurnAgents = Readonly<{
  /** Who answered each turn: a turn is pinned to whoever was there when it began. */
  byTurn: ReadonlyMap<TurnId, string>
  switches: readonly AgentSwitch[]
}>

/** Who answered which turn, as the journal tells it. */
export function turnAgents(events: SessionView['events']): TurnAgents {
  const byTurn = new Map<TurnId, string>()
  const switches: AgentSwitch[] = []
  let agent_id = ''
  for (const event of events) {
    if (event.type === 'session.started') agent_id = event.agent_id
    if (event.type === 'config.changed') {
      if (agent_id !== '' && event.agent_id !== agent_id) {
        const { revision, history = 'keep' } = event
        switches.push({ key: `switch-${event.attempt}.${event.seq}`, agent_id: event.agent_id, revision, history })
      }
      agent_id = event.agent_id
    }
    if (event.type === 'turn.started') {
      byTurn.set(event.turn_id, agent_id)
      const last = switches.at(-1)
      if (last && last.before === undefined) switches[switches.length - 1] = { ...last, before: event.turn_id }
    }
  }
  return { byTurn, switches }
}
