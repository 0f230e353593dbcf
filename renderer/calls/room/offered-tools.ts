import type { AgentDocument } from '../../../core/agent/document.ts'
import { isKnownTool } from '../../../core/tools/tool.ts'

/** A client tool of the agent that answers, as this window offers it. */
export type OfferedTool = Readonly<{
  name: string
  /** Of the RPC. */
  method: string
  /** JSON to begin the answer with. */
  suggested: string
}>

/** What the agent of a document will ask its frontend to do. */
export const offeredTools = ({ tools = [] }: Pick<AgentDocument, 'tools'>): readonly OfferedTool[] =>
  tools.flatMap((tool) =>
    isKnownTool(tool) && tool.type === 'client'
      ? [{ name: tool.name, method: tool.method ?? tool.name, suggested: JSON.stringify(tool.mock ?? {}, undefined, 2) }]
      : [],
  )
