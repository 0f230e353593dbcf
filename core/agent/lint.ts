import type { JsonObject } from '../json.ts'
import { fieldRules } from './lint/field-rules.ts'
import type { LintFinding } from './lint/finding.ts'
import { lintView } from './lint/lint-view.ts'
import { liquidRules } from './lint/liquid-rules.ts'
import { promptRules } from './lint/prompt-rules.ts'
import { providerRules } from './lint/provider-rules.ts'
import { routingRules } from './lint/routing-rules.ts'
import { speechRules } from './lint/speech-rules.ts'
import { toolRules } from './lint/tool-rules.ts'
import { migrateDocument } from './migrations.ts'
import { parseAgent } from './parse-agent.ts'

export type { LintFinding } from './lint/finding.ts'

const RULES = [liquidRules, fieldRules, speechRules, promptRules, providerRules, toolRules, routingRules]
const ORDER = { error: 0, warning: 1, info: 2 } as const

/**
 * `agent_types`: those that extensions register. Everything that is wrong with a document, or could be better, worst first. What keeps it from being saved has the rule
 * `document`. Works on broken documents too, as far as their parts can be read; quick enough for every keystroke.
 */
export function lintAgent(content: JsonObject, agent_types: readonly string[] = []): readonly LintFinding[] {
  const parsed = parseAgent(content)
  if (!parsed.ok && parsed.newer_format !== undefined) {
    return parsed.problems.map((problem) => ({
      rule: 'newer-format',
      severity: 'info',
      ...problem,
      hint: 'Update Greenroom to change it.',
    }))
  }
  const broken: LintFinding[] = parsed.ok
    ? []
    : parsed.problems.map((problem) => ({
        rule: 'document',
        severity: 'error',
        ...problem,
        hint: 'Mend it; it cannot be saved like this.',
      }))
  const view = lintView(migrateDocument(content), agent_types)
  return [...broken, ...RULES.flatMap((rule) => rule(view))].sort((a, b) => ORDER[a.severity] - ORDER[b.severity])
}
