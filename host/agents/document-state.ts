import { agentContent } from '../../core/agent/agent-content.ts'
import { contentHash } from '../../core/agent/content-hash.ts'
import { lintAgent } from '../../core/agent/lint.ts'
import { newerFormatOf, parseAgent } from '../../core/agent/parse-agent.ts'
import { findSecrets } from '../../core/agent/secret-scan.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError, type Problem } from '../../core/contract/errors.ts'

/** The content alone, without state that other programs may send in the same body, for the agent that it is saved as. */
export const contentFor = (agent_id: string, document: DocumentJson): DocumentJson => ({ ...agentContent(document), agent_id })

/** Throws `invalid_document` with every problem, keys in plain text among them, or `unsupported` for a newer format. */
export function requireValid(content: DocumentJson): void {
  const parsed = parseAgent(content)
  if (!parsed.ok && parsed.newer_format !== undefined) throw newerFormat()
  const problems = [...(parsed.ok ? [] : parsed.problems), ...pastedKeys(content)]
  if (problems.length > 0) throw invalid(problems)
}

export const isNewerFormat = (content: DocumentJson): boolean => newerFormatOf(content) !== undefined

export const newerFormat = (): StudioError =>
  new StudioError(
    'unsupported',
    'This agent was written by a newer Greenroom, so it can be read and exported, but not changed here.',
    'Update Greenroom to change it.',
  )

/** What keeps a document from being saved, and what could be better. */
export function reviewDocument(
  content: DocumentJson,
  agent_types: readonly string[],
): {
  problems: Problem[]
  warnings: (Problem & { rule: string })[]
} {
  const parsed = parseAgent(content)
  const findings = lintAgent(content, agent_types)
  const problems = [...(parsed.ok ? [] : parsed.problems), ...pastedKeys(content)]
  const isNew = ({ path, message }: Problem) => !problems.some((problem) => problem.path === path && problem.message === message)
  return {
    problems,
    warnings: findings.filter(isNew).map(({ rule, path, message }) => ({ rule, path, message })),
  }
}

const pastedKeys = (content: DocumentJson): Problem[] => findSecrets(content).map(({ path, message }) => ({ path, message }))

export const sameContent = (a: DocumentJson, b: DocumentJson): boolean => contentHash(a) === contentHash(b)

const invalid = (problems: readonly Problem[]): StudioError =>
  new StudioError(
    'invalid_document',
    problems.length === 1
      ? 'The agent cannot be saved: one thing is wrong.'
      : `The agent cannot be saved: ${problems.length} things are wrong.`,
    'Mend what is marked, then save again; what you typed is kept.',
    problems,
  )
