import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { Field } from '../../output/field.ts'
import { DynamicVar, LIMITS } from '../document.ts'
import type * as z from 'zod'

/** What the rules look at, taken from a document that may be broken elsewhere: lint goes on while someone types. */
export type LintView = Readonly<{
  /** The document as it is, migrated. */
  content: JsonObject
  instructions: string
  greeting: string
  dynamic_vars: Readonly<Record<string, z.infer<typeof DynamicVar>>>
  /** The rows that are sound, with their place in the table. */
  fields: readonly (Field & { index: number })[]
  /** There are rows, sound or not. */
  has_fields: boolean
  spoken_field: string
  style_field: string
  /** Those that extensions register. */
  agent_types: readonly string[]
}>

/** What is beyond a document's own limits is told as that alone: nobody waits for advice on it. */
export function lintView(content: JsonObject, agent_types: readonly string[] = []): LintView {
  const prompt = part(content['prompt_config'])
  const schema = part(content['schema_config'])
  const rows = isJsonArray(schema['fields']) ? schema['fields'] : []
  return {
    content,
    instructions: text(prompt['instructions'], '').slice(0, LIMITS.instructions),
    greeting: text(prompt['greeting'], '').slice(0, LIMITS.greeting),
    dynamic_vars: Object.fromEntries(
      Object.entries(part(prompt['dynamic_vars']))
        .slice(0, LIMITS.variables)
        .flatMap(([name, value]) => {
          const parsed = DynamicVar.safeParse(value)
          return parsed.success ? [[name, parsed.data] as const] : []
        }),
    ),
    fields: rows.slice(0, LIMITS.fields).flatMap((row, index) => {
      const parsed = Field.safeParse(row)
      return parsed.success ? [{ ...parsed.data, index }] : []
    }),
    has_fields: rows.length > 0,
    spoken_field: text(schema['spoken_field'], 'system_response'),
    style_field: text(part(content['tts_config'])['instruction_field'], 'voice_instructions'),
    agent_types,
  }
}

const part = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
const text = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
