import type { PastTool } from '../../core/contract/runtime.ts'
import type { JsonObject } from '../../core/json.ts'
import type { TurnConfig } from './config-cell.ts'
import type { Report } from './report.ts'
import { Turn, type TurnSource } from './turn.ts'

/** Which turn is which: the session's library knows messages, settings objects and handles, never turns. */
export type TurnDesk = Readonly<{
  /** `message_id`: the caller's message that the reply will answer; absent when the agent speaks unasked. `words`: the reply itself. */
  open: (source: TurnSource, config: TurnConfig, message_id?: string, words?: string) => Turn
  /** The turn that was opened last, once: the reply that the session makes next is its reply. */
  awaitingSpeech: () => Turn | undefined
  /** The turn that answers this conversation, for the one reply that is now made of it. */
  answering: (message_ids: readonly string[]) => Turn | undefined
  byId: (turn_id: string) => Turn | undefined
  byMessage: (message_id: string) => Turn | undefined
  /** What a reply's fields were, of this attempt and those before. */
  outputOf: (turn_id: string) => JsonObject | undefined
  remember: (turn_id: string, output: JsonObject) => void
  /** The tools that were called for a reply, of this attempt and those before. */
  toolsOf: (turn_id: string) => readonly PastTool[]
  /** `behind`: the message that the reply answers. What is remembered anew replaces what was. */
  rememberTools: (turn_id: string, tools: readonly PastTool[], behind?: string) => void
  /** The turn with tools that answers this message. */
  toolTurnOf: (message_id: string) => string | undefined
  /** Whose words are being played, or were last. */
  speaking: () => Turn | undefined
  speak: (turn: Turn) => void
  /** The newest turn that is not over. */
  newest: () => Turn | undefined
  /** Of turns that are not over, and of the messages that they answer. */
  openIds: () => string[]
  /** Resolves when every turn that began before is over. */
  settled: () => Promise<void>
  commitAll: () => void
}>

/** `onOver`: of each turn whose end is known. */
export function createTurnDesk(report: Report, earlierTurns: number, onOver: (turn: Turn) => void = () => undefined): TurnDesk {
  const turns = new Map<string, Turn>()
  const byMessage = new Map<string, Turn>()
  const outputs = new Map<string, JsonObject>()
  const tools = new Map<string, readonly PastTool[]>()
  const toolTurns = new Map<string, string>()
  const answered = new WeakSet<Turn>()
  let unasked: Turn[] = []
  let written: Readonly<{ agent_id: string; output: JsonObject }> = { agent_id: '', output: {} }
  let speaking: Turn | undefined
  let awaiting: Turn | undefined
  let count = earlierTurns

  const rememberTools: TurnDesk['rememberTools'] = (turn_id, called, behind) => {
    if (called.length === 0) return
    tools.set(turn_id, called)
    if (behind !== undefined) toolTurns.set(behind, turn_id)
  }
  const writtenFor = ({ config }: Turn) => (written.agent_id === config.agent_id ? written.output : {})
  const openOnes = () => [...turns.values()].filter((turn) => !turn.committed)

  return {
    open(source, config, message_id, words) {
      const turn = new Turn(report, config, source, count++, words)
      turns.set(turn.turn_id, turn)
      awaiting = turn
      if (message_id === undefined) unasked.push(turn)
      else byMessage.set(message_id, turn)
      // A long call has many turns; of those that are over only the output matters.
      void turn.done.then(() => {
        outputs.set(turn.turn_id, turn.output)
        written = { agent_id: turn.config.agent_id, output: { ...writtenFor(turn), ...turn.output } }
        rememberTools(turn.turn_id, turn.tools, message_id)
        turns.delete(turn.turn_id)
        if (message_id !== undefined) byMessage.delete(message_id)
        unasked = unasked.filter((other) => other !== turn)
        onOver(turn)
      })
      return turn
    },
    awaitingSpeech: () => {
      const turn = awaiting
      awaiting = undefined
      return turn
    },
    answering: (message_ids) => {
      const turn = message_ids.map((id) => byMessage.get(id)).findLast((one) => one !== undefined && !answered.has(one))
      const found = turn ?? unasked.shift()
      if (!found) return undefined
      answered.add(found)
      found.before = writtenFor(found)
      return found
    },
    byId: (turn_id) => turns.get(turn_id),
    byMessage: (message_id) => byMessage.get(message_id),
    outputOf: (turn_id) => turns.get(turn_id)?.output ?? outputs.get(turn_id),
    remember: (turn_id, output) => void outputs.set(turn_id, output),
    toolsOf: (turn_id) => tools.get(turn_id) ?? [],
    rememberTools,
    toolTurnOf: (message_id) => toolTurns.get(message_id),
    speaking: () => speaking,
    speak: (turn) => void (speaking = turn),
    newest: () => openOnes().at(-1),
    openIds: () => [...turns.keys(), ...byMessage.keys()],
    settled: async () => {
      await Promise.all(openOnes().map((turn) => turn.done))
    },
    commitAll: () => openOnes().forEach((turn) => turn.commit(true)),
  }
}
