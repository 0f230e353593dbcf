import { fieldsOf } from '../../../core/agent/whole/named-fields.ts'
import { StudioError, toPointer } from '../../../core/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import { Field } from '../../../core/output/field.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'

/** The content with one more field; throws `conflict` where it has one of that name. */
export function withField({ head, summary }: StoredAgent, field: JsonObject): JsonObject {
  const parsed = Field.safeParse(field)
  if (!parsed.success) {
    throw new StudioError(
      'invalid_document',
      'The field is not right.',
      'Types are str, int, float, bool, list[str], list[int] and Literal[…]; see the problems for each place.',
      parsed.error.issues.map((issue) => ({ path: toPointer(issue.path), message: issue.message })),
    )
  }
  const { field_name } = parsed.data
  const fields = fieldsOf(head.content)
  if (fields.some((row) => row['field_name'] === field_name)) {
    throw new StudioError(
      'conflict',
      `"${summary.agent_id}" has a field "${field_name}" already.`,
      'Choose another name, or change the field by updating schema_config.fields.',
      [{ path: '/field_name', message: `"${field_name}" is taken` }],
    )
  }
  return withFields(head.content, [...fields, field])
}

/** The content without a field; the spoken field and the one that steers the voice stay. */
export function withoutField({ head, summary }: StoredAgent, field_name: string): JsonObject {
  const fields = fieldsOf(head.content)
  const role = roleOf(head.content, field_name)
  if (role !== undefined) {
    throw new StudioError(
      'invalid_document',
      `"${field_name}" is ${role} of "${summary.agent_id}" and cannot be removed.`,
      'Give that part to another field first (schema_config.spoken_field, tts_config.instruction_field).',
      [{ path: '/field_name', message: `is ${role}` }],
    )
  }
  if (!fields.some((row) => row['field_name'] === field_name)) {
    throw new StudioError(
      'not_found',
      `"${summary.agent_id}" has no field "${field_name}".`,
      'Its fields stand in schema_config.fields.',
    )
  }
  return withFields(
    head.content,
    fields.filter((row) => row['field_name'] !== field_name),
  )
}

function roleOf(content: JsonObject, field_name: string): string | undefined {
  const named = (part: string, key: string, usual: string) => {
    const block = content[part]
    return (isJsonObject(block) ? block[key] : undefined) ?? usual
  }
  if (named('schema_config', 'spoken_field', 'system_response') === field_name) return 'the spoken field'
  return named('tts_config', 'instruction_field', 'voice_instructions') === field_name ? 'the voice-style field' : undefined
}

function withFields(content: JsonObject, fields: readonly JsonObject[]): JsonObject {
  const schema = content['schema_config']
  return { ...content, schema_config: { ...(isJsonObject(schema) && schema), fields } }
}
