import type { DocumentJson } from '../contract/agents.ts'
import type { Features } from '../contract/tenants.ts'
import { AGENT_TYPES } from './agent-types.ts'
import { isJsonArray, isJsonObject, type Json } from '../json.ts'

/**
 * The document as a tenant's tier has it, for its calls; what is saved stays whole. Schema and prompt both follow from the fields, so that a
 * field that is taken out is neither asked for nor told of. The field that is spoken never goes: an agent that cannot speak is none.
 */
export function applyTier(content: DocumentJson, { removed_fields, tracing, tools, extensions }: Features): DocumentJson {
  return {
    ...content,
    ...(removed_fields.length > 0 && withoutFields(content['schema_config'], new Set(removed_fields))),
    ...(!tracing && { tracing_config: { ...objectOf(content['tracing_config']), enabled: false } }),
    ...(extensions && !mayBe(content['agent_type'], extensions) && { agent_type: 'custom' }),
    ...(!tools && { tools: [], extension_tools: false }),
  }
}

/** A type that needs no extension is every tenant's. */
const mayBe = (agent_type: Part | undefined, extensions: readonly string[]): boolean =>
  typeof agent_type !== 'string' || AGENT_TYPES.includes(agent_type) || extensions.includes(agent_type)

type Part = DocumentJson[string]

function withoutFields(schema: Part | undefined, removed: ReadonlySet<string>): DocumentJson {
  if (!isJsonObject(schema) || !Array.isArray(schema['fields'])) return {}
  const spoken = typeof schema['spoken_field'] === 'string' ? schema['spoken_field'] : 'system_response'
  const goes = (field: Part): boolean => {
    const name = nameOf(field)
    return name !== undefined && name !== spoken && removed.has(name)
  }
  return { schema_config: { ...schema, fields: schema['fields'].filter((field) => !goes(field)) } }
}

/** A field may be a row, or be given by its name alone. */
function nameOf(field: Json): string | undefined {
  const name = isJsonObject(field) ? field['field_name'] : field
  return typeof name === 'string' ? name : undefined
}

const objectOf = (part: Part | undefined): Readonly<Record<string, Part>> =>
  isJsonObject(part) && !isJsonArray(part) ? part : {}
