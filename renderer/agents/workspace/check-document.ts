import { lintAgent } from '../../../core/agent/lint.ts'
import { parseAgent } from '../../../core/agent/parse-agent.ts'
import type { AgentDocument } from '../../../core/agent/document.ts'
import type { DocumentJson } from '../../../core/contract/index.ts'

export type Finding = Readonly<{
  severity: 'error' | 'warning' | 'info'
  /** JSON pointer into the document. */
  path: string
  message: string
  hint: string
  /** Offsets in the instructions. */
  range?: Readonly<{ start: number; end: number }> | undefined
}>

export type DocumentCheck = Readonly<{ content: DocumentJson; document: AgentDocument | undefined; findings: readonly Finding[] }>

const RANK = { error: 0, warning: 1, info: 2 } as const

/** What would stop a save, and what could be better; each thing once. `agent_types`: those that extensions register. */
export function checkDocument(content: DocumentJson, agent_types: readonly string[]): DocumentCheck {
  const parsed = parseAgent(content)
  const refused: Finding[] = parsed.ok ? [] : parsed.problems.map((problem) => ({ severity: 'error', hint: '', ...problem }))
  const seen = new Set<string>()
  const findings = [...lintAgent(content, agent_types), ...refused].filter(({ path, message }) => {
    const key = `${path} ${message}`
    return !seen.has(key) && seen.add(key)
  })
  return {
    content,
    document: parsed.ok ? parsed.document : undefined,
    findings: findings.sort((a, b) => RANK[a.severity] - RANK[b.severity]),
  }
}
