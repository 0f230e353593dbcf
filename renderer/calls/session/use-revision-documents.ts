import { useEffect, useRef, useState } from 'react'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { parseAgent } from '../../../core/agent/parse-agent.ts'
import { useStudio } from '../../client/studio-context.tsx'
import type { SpokenText } from '../transcript/transcript-lines.ts'

export type RevisionDocuments = ReadonlyMap<number, AgentDocument>

/** The documents of the revisions that answered, fetched once each; one that cannot be read any more is simply not there. */
export function useRevisionDocuments(agent_id: string | undefined, revisions: readonly number[]): RevisionDocuments {
  const studio = useStudio()
  const [documents, setDocuments] = useState<RevisionDocuments>(new Map())
  const asked = useRef(new Set<string>())
  const wanted = [...new Set(revisions)].join()
  useEffect(() => {
    if (agent_id === undefined) return
    for (const revision of wanted.split(',').map(Number)) {
      const key = `${agent_id} ${revision}`
      if (revision < 1 || asked.current.has(key)) continue
      asked.current.add(key)
      studio.call('agent.revision', { agent_id, revision }).then(
        ({ content }) => {
          const parsed = parseAgent(content)
          if (parsed.ok) setDocuments((before) => new Map(before).set(revision, parsed.document))
        },
        () => asked.current.delete(key), // asked again with the next turn; the inspector shows the output without its schema until then
      )
    }
  }, [studio, agent_id, wanted])
  return documents
}

/** What a revision says aloud. A greeting with Liquid in it is not the one that was said, so that it counts as unknown. */
export const spokenTextOf =
  (documents: RevisionDocuments) =>
  (revision: number): SpokenText => {
    const document = documents.get(revision)
    const { greeting } = document?.prompt_config ?? {}
    return {
      field: document?.schema_config.spoken_field ?? 'system_response',
      ...(greeting !== undefined && !/\{[{%]/.test(greeting) ? { greeting } : {}),
    }
  }
