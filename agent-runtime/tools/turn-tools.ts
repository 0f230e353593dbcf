import type { AgentDocument } from '../../core/agent/document.ts'
import { promptScope } from '../../core/agent/prompt.ts'
import type { JsonObject } from '../../core/json.ts'
import { toolSecrets } from '../../core/tools/tool-secrets.ts'
import { knownTools } from '../../core/tools/tool-spec.ts'
import type { KnownTool } from '../../core/tools/tool.ts'

/** The tools of one revision, with what their templates see. */
export type TurnTools = Readonly<{
  list: readonly KnownTool[]
  variables: JsonObject
  /** Reference → value; only those that the tools name. */
  secrets: Readonly<Record<string, string>>
}>

export function turnTools(document: AgentDocument, variables: JsonObject, secrets: Readonly<Record<string, string>>): TurnTools {
  const named = toolSecrets(document.tools)
  return {
    list: knownTools(document.tools),
    variables: promptScope(variables, document),
    secrets: Object.fromEntries(Object.entries(secrets).filter(([reference]) => named.includes(reference))),
  }
}
