import { isJsonArray, type Json, type JsonObject } from '../json.ts'
import type { Field } from '../output/field.ts'
import { joinSentences } from '../output/field-limits.ts'
import type { AgentDocument } from './document.ts'

type Row = Readonly<{ field_name: string; metadata?: Readonly<{ use_in_tts?: boolean | undefined }> }>

/** The fields whose values steer the voice: the voice-style field first, then each other one with `use_in_tts`, in the table's order. */
export function voiceFields<Of extends Row>(fields: readonly Of[], spoken_field: string, style_field: string): readonly Of[] {
  const silent = fields.filter(({ field_name }) => field_name !== spoken_field)
  const also = silent.filter(({ field_name, metadata }) => field_name !== style_field && metadata?.use_in_tts === true)
  return [...silent.filter(({ field_name }) => field_name === style_field), ...also]
}

export const voiceFieldsOf = ({ schema_config, tts_config }: AgentDocument): readonly Field[] =>
  voiceFields(schema_config.fields, schema_config.spoken_field, tts_config.instruction_field)

/** What a voice is told of their values; undefined when they say nothing. */
export function voiceWords(fields: readonly Row[], output: JsonObject): string | undefined {
  const said = fields.map(({ field_name }) => inWords(field_name, output[field_name])).filter((words) => words.trim() !== '')
  return said.length > 1 ? joinSentences(said) : said[0]
}

/** Text stands for itself; a number or a "true" says nothing without its name. */
function inWords(name: string, value: Json | undefined): string {
  const named = name.replaceAll('_', ' ')
  if (typeof value === 'string') return /^\w+$/.test(value) ? value.replaceAll('_', ' ') : value
  if (typeof value === 'number') return `${named}: ${value}`
  if (isJsonArray(value)) return value.filter((item) => typeof item === 'string' || typeof item === 'number').join(', ')
  return value === true ? named : ''
}

/**
 * What counts as written when a reply's speech begins: the values before the spoken field, and of the fields behind it those of the reply
 * before. So what steers a voice follows from the order of the table alone, and speech never waits.
 */
export function writtenBySpeech({ schema_config }: AgentDocument, now: JsonObject, before: JsonObject): JsonObject {
  const { fields, spoken_field } = schema_config
  const spoken = fields.findIndex(({ field_name }) => field_name === spoken_field)
  const behind = fields.slice(spoken + 1).flatMap(({ field_name }) => {
    const value = before[field_name]
    return value === undefined ? [] : [[field_name, value] as const]
  })
  return { ...Object.fromEntries(behind), ...now }
}
