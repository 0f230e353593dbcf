import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { usualFields } from './usual-fields.ts'

/** The rows of a document's table, as far as they are rows. */
export const fieldsOf = (content: JsonObject): readonly JsonObject[] => {
  const schema = content['schema_config']
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  return isJsonArray(fields) ? fields.filter(isJsonObject) : []
}

/** The fields that a document names without defining them: `"fields": ["system_response", "red_flags"]`. */
export const namedOnly = (content: JsonObject): readonly string[] => listOf(content).filter((field) => typeof field === 'string')

/** In place of names the rows that `find` knows, else the usual ones; those that nobody knows are left as they are. */
export function withNamedFields(content: JsonObject, find: (name: string) => JsonObject | undefined): JsonObject {
  const schema = content['schema_config']
  if (namedOnly(content).length === 0 || !isJsonObject(schema)) return content
  const usual = usualFields()
  const row = (name: string): Json => find(name) ?? usual.find((field) => field['field_name'] === name) ?? name
  const fields = listOf(content).map((field) => (typeof field === 'string' ? row(field) : field))
  return { ...content, schema_config: { ...schema, fields } }
}

/** A name that was never defined, as early agents meant it. */
export const plainField = (field_name: string): JsonObject => ({
  field_name,
  field_type: 'str',
  description: '',
  required: false,
})

const listOf = (content: JsonObject): readonly Json[] => {
  const schema = content['schema_config']
  const fields = isJsonObject(schema) ? schema['fields'] : undefined
  return isJsonArray(fields) ? fields : []
}
