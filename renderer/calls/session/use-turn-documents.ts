import { useEffect, useMemo, useRef, useState } from 'react'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { parseAgent } from '../../../core/agent/parse-agent.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { useStudio } from '../../client/studio-context.tsx'
import type { SpokenText } from '../transcript/transcript-lines.ts'
import { turnAgents, type AgentSwitch } from './turn-agents.ts'

/** The documents that answered, turn by turn; one that cannot be read any more is simply not there. */
export type TurnDocuments = Readonly<{
  of: (turn: TurnView) => AgentDocument | undefined
  switches: readonly AgentSwitch[]
  /** As its document says, or its id until that is read. */
  nameOf: (agent_id: string, revision: number) => string
}>

const keyOf = (agent_id: string, revision: number): string => `${revision} ${agent_id}`

/** Fetches each revision once, of whichever agents took part. `agent_id`: of the call, while its journal says nothing yet. */
export function useTurnDocuments(agent_id: string | undefined, view: SessionView): TurnDocuments {
  const studio = useStudio()
  const [documents, setDocuments] = useState<ReadonlyMap<string, AgentDocument>>(new Map())
  const asked = useRef(new Set<string>())
  const agents = useMemo(() => turnAgents(view.events), [view.events])
  const present = view.agent_id ?? agent_id
  const wanted = [
    ...new Set([
      ...view.turns.map(({ turn_id, revision }) => keyOf(agents.byTurn.get(turn_id) ?? present ?? '', revision)),
      ...agents.switches.map((one) => keyOf(one.agent_id, one.revision)),
      ...(view.revision === undefined || present === undefined ? [] : [keyOf(present, view.revision)]),
    ]),
  ].join('\n')
  useEffect(() => {
    for (const key of wanted.split('\n')) {
      const space = key.indexOf(' ')
      const revision = Number(key.slice(0, space))
      const of = key.slice(space + 1)
      if (of === '' || !(revision >= 1) || asked.current.has(key)) continue
      asked.current.add(key)
      studio.call('agent.revision', { agent_id: of, revision }).then(
        ({ content }) => {
          const parsed = parseAgent(content)
          if (parsed.ok) setDocuments((before) => new Map(before).set(key, parsed.document))
        },
        () => asked.current.delete(key), // asked again with the next turn; the inspector shows the output without its schema until then
      )
    }
  }, [studio, wanted])
  return useMemo(
    () => ({
      of: ({ turn_id, revision }) => documents.get(keyOf(agents.byTurn.get(turn_id) ?? present ?? '', revision)),
      switches: agents.switches,
      nameOf: (id, revision) => documents.get(keyOf(id, revision))?.name ?? id,
    }),
    [documents, agents, present],
  )
}

/** What an agent says aloud. A greeting with Liquid in it is not the one that was said, so that it counts as unknown. */
export const spokenTextOf =
  (documents: TurnDocuments) =>
  (turn: TurnView): SpokenText => {
    const document = documents.of(turn)
    const { greeting } = document?.prompt_config ?? {}
    return {
      field: document?.schema_config.spoken_field ?? 'system_response',
      ...(greeting !== undefined && !/\{[{%]/.test(greeting) ? { greeting } : {}),
    }
  }
