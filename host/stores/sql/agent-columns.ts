import { crc32 } from 'node:zlib'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { isJsonObject, type Json } from '../../../core/json.ts'
import { foldText } from './fold-text.ts'

/** What lists and searches need of head's content. Reads with care: a document of a newer format may hold anything. */
export function agentColumns(agent_id: string, content: DocumentJson) {
  const name = textOf(content['name']) || agent_id
  const description = textOf(content['description'])
  const tags = Array.isArray(content['tags']) ? content['tags'].filter((tag) => typeof tag === 'string') : []
  const schema = content['schema_config']
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  const columns = {
    name,
    name_key: foldText(name),
    description,
    agent_type: textOf(content['agent_type']) || 'custom',
    tags: JSON.stringify(tags),
    search_text: foldText([name, agent_id, description, ...tags].join('\n')),
    field_count: Array.isArray(fields) ? fields.length : 0,
    routing: content['routing'] === undefined ? '' : JSON.stringify(content['routing']),
  }
  return { ...columns, checksum: checksumOf(columns) }
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

type Columns = Readonly<{
  name: string
  name_key: string
  description: string
  agent_type: string
  tags: string
  search_text: string
  field_count: number
  routing: string | null
}>

/** False when a column is not what was written. */
export const areSound = (row: Columns & Readonly<{ checksum: number }>): boolean => checksumOf(row) === row.checksum

/** A row of an older build, which knew no `routing`, has the checksum that it had. */
const checksumOf = ({ name, name_key, description, agent_type, tags, search_text, field_count, routing }: Columns): number =>
  crc32(JSON.stringify([name, name_key, description, agent_type, tags, search_text, field_count, ...(routing ? [routing] : [])]))
