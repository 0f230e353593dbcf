import { mergeDocument } from '../../../core/agent/merge-document.ts'
import { DOCUMENT_FORMAT } from '../../../core/agent/document.ts'
import { migrateDocument } from '../../../core/agent/migrations.ts'
import { fieldsOf, namedOnly, plainField, withNamedFields } from '../../../core/agent/whole/named-fields.ts'
import { withBothSpellings } from '../../../core/agent/whole/own-spelling.ts'
import { usualFields } from '../../../core/agent/whole/usual-fields.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'

/** A new agent's content: what is missing at its default, as far as an agent cannot be without it. */
export function newContent(agent_id: string, patch: JsonObject): JsonObject {
  const written = withBothSpellings({}, { format: DOCUMENT_FORMAT, name: agent_id, ...patch })
  const content = mergeDocument({}, written)
  const schema = content['schema_config'] ?? {}
  if (!isJsonObject(schema)) return content
  const spoken = schema['spoken_field']
  const fields = schema['fields'] ?? usualFields(typeof spoken === 'string' ? spoken : undefined)
  const whole = { ...content, schema_config: { ...schema, fields } }
  return withNamedFields(
    withNamedFields(whole, () => undefined),
    plainField,
  )
}

/** Head with a patch in it. Fields that the patch names without defining them are as the agent last defined them. */
export async function changedContent(
  store: Store,
  scope: TenantScope,
  agent: StoredAgent,
  patch: JsonObject,
): Promise<JsonObject> {
  const before = agent.head.content
  const merged = mergeDocument(before, withBothSpellings(before, patch))
  const names = namedOnly(merged)
  if (names.length === 0 || merged['format'] === undefined) return merged
  const rows = await earlierFields(store, scope, agent, names)
  const content = withNamedFields(merged, (name) => rows.get(name))
  const unknown = namedOnly(content)
  if (unknown.length === 0) return content
  throw new StudioError(
    'invalid_document',
    `"${agent.summary.agent_id}" never had ${unknown.length === 1 ? 'a field' : 'fields'} ${unknown.map((name) => `"${name}"`).join(', ')}.`,
    'A name alone stands for a field that the agent has or had; define a new one as an object with field_name and field_type.',
    [{ path: '/schema_config/fields', message: `${unknown.join(', ')}: defined nowhere` }],
  )
}

/** Revisions that are looked through for a field, newest first. */
const MOST_REVISIONS = 500

async function earlierFields(
  store: Store,
  scope: TenantScope,
  { summary: { agent_id }, head }: StoredAgent,
  names: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const rows = new Map<string, JsonObject>()
  const take = (content: JsonObject) => {
    for (const row of fieldsOf(migrateDocument(content))) {
      const name = row['field_name']
      if (typeof name === 'string' && !rows.has(name)) rows.set(name, row)
    }
  }
  take(head.content)
  const oldest = Math.max(1, head.revision - MOST_REVISIONS)
  for (let revision = head.revision - 1; revision >= oldest && names.some((name) => !rows.has(name)); revision -= 1) {
    const found = await store.agents.findRevision(scope, agent_id, revision)
    if (found) take(found.content)
  }
  return rows
}
