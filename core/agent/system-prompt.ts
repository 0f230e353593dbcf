import type { JsonObject } from '../json.ts'
import { toPortableSchema } from '../output/json-schema.ts'
import type { StructuredOutput } from '../providers/index.ts'
import { toolSpecs } from '../tools/tool-spec.ts'
import { outputWayOf, toolWayOf } from '../tools/tool-way.ts'
import { toolRules } from '../tools/tool-words.ts'
import type { AgentDocument } from './document.ts'
import { renderPrompt } from './prompt.ts'
import { voiceFieldsOf } from './voice-words.ts'

/**
 * The system message: the rendered instructions, then how to answer. Without fields the agent answers in plain words. `context`: told as it
 * stands, between the two.
 */
export function systemPrompt(document: AgentDocument, variables: JsonObject, context?: string): string {
  const { text } = renderPrompt(document.prompt_config.instructions, variables, document)
  const tools = toolWayOf(document) === 'words' ? [toolRules(toolSpecs(document.tools))] : []
  return [
    text.trimEnd(),
    ...(context === undefined ? [] : [context]),
    ...answerRules(document, outputWayOf(document)),
    ...tools,
  ].join('\n\n')
}

/** The instructions alone, for a model whose form is held by other means than words. */
export const instructionsIn = (system: string): string => system.split(RULES)[0] ?? system

const FORMAT = '# Format of your replies'
const RULES = /\n\n# (?:Format of your replies|Tools)\n/

function answerRules(document: AgentDocument, mode: StructuredOutput): string[] {
  const { fields, spoken_field } = document.schema_config
  if (fields.length === 0) return []
  const names = fields.map((field) => field.field_name)
  const style = document.tts_config.instruction_field
  const also = voiceFieldsOf(document).flatMap(({ field_name }) => (field_name === style ? [] : [field_name]))
  const rules = [
    'Every reply is one JSON object and nothing else.',
    ...(mode === 'json_schema' ? [] : [`It has exactly these keys, in this order: ${names.join(', ')}.`]),
    ...(names.includes(spoken_field)
      ? [
          `\`${spoken_field}\` is read aloud by a voice as you write it: plain words only, no Markdown, lists, links, emoji or code.`,
        ]
      : []),
    ...(names.includes(style) ? [`\`${style}\` says how the voice sounds in this reply; it is never read aloud.`] : []),
    ...(also.length > 0 ? [`The voice also follows ${also.map((name) => `\`${name}\``).join(', ')}.`] : []),
  ]
  const format = `${FORMAT}\n${rules.join('\n')}`
  return mode === 'json_schema' ? [format] : [format, schemaText(document, mode)]
}

function schemaText(document: AgentDocument, mode: StructuredOutput): string {
  const schema = JSON.stringify(toPortableSchema(document.schema_config.fields), null, 1)
  const start =
    mode === 'prompt' ? '\nBegin your reply with { and end it with }. Write no code fence and no words around it.' : ''
  return `The JSON object must satisfy this JSON Schema:\n${schema}${start}`
}
