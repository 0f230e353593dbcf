import { lintView } from '../../../core/agent/lint/lint-view.ts'
import { speechFieldRules } from '../../../core/agent/lint/field-rules.ts'
import { providerRules } from '../../../core/agent/lint/provider-rules.ts'
import { migrateDocument } from '../../../core/agent/migrations.ts'
import type { JsonObject } from '../../../core/json.ts'

export type Warning = Readonly<{ path: string; message: string; hint: string }>

/**
 * What a client that writes should know and nobody stops it for: fields that are named and not there, providers and types that nobody
 * registers. (The studio's whole review, which reads the prompt as well, takes milliseconds.)
 */
export function warningsOf(content: JsonObject, agent_types: readonly string[]): readonly Warning[] {
  const view = lintView(migrateDocument(content), agent_types)
  return [...speechFieldRules(view), ...providerRules(view)]
    .filter(({ severity }) => severity !== 'info')
    .map(({ path, message, hint }) => ({ path, message, hint }))
}
