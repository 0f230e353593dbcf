import type { AgentSummary, DocumentJson } from '../../../core/contract/agents.ts'
import { isJsonObject, type Json } from '../../../core/json.ts'
import { foldText } from '../sql/fold-text.ts'
import type { HeadRow } from './agent-tables.ts'

/** What lists, searches and routing need of head's content. Reads with care: a document of a newer format may hold anything. */
export function headColumns(agent_id: string, content: DocumentJson) {
  const name = textOf(content['name']) || agent_id
  const description = textOf(content['description'])
  const tags = Array.isArray(content['tags']) ? content['tags'].filter((tag) => typeof tag === 'string') : []
  const schema = content['schema_config']
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  return {
    name,
    name_key: foldText(name),
    description,
    agent_type: textOf(content['agent_type']) || 'custom',
    tags,
    search_text: foldText([name, agent_id, description, ...tags].join('\n')),
    field_count: Array.isArray(fields) ? fields.length : 0,
    routing: content['routing'],
  }
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

export function summaryOf(head: HeadRow): AgentSummary {
  const { id, agent_id, name, description, agent_type, tags, revision, version, unsaved, field_count } = head
  const { enabled, is_default, owner_id, labels, created_at, updated_at, deleted_at } = head
  return {
    ...{ id, agent_id, name, description, agent_type, tags, revision },
    ...(version !== undefined && { version }),
    unpublished: head.version_hash !== head.content_hash,
    ...{ unsaved, field_count, enabled, is_default },
    ...(owner_id !== undefined && { owner_id }),
    labels: Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    ...{ created_at, updated_at },
    ...(deleted_at !== undefined && { deleted_at }),
  }
}
