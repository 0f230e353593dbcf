import type { JsonObject } from '../json.ts'
import { toPortableSchema } from '../output/json-schema.ts'
import { structuredOutputsOf, type StructuredOutput } from '../providers/index.ts'
import type { AgentDocument, LlmConfig } from './document.ts'
import { renderPrompt } from './prompt.ts'
import type * as z from 'zod'

type Config = Readonly<
  Partial<Pick<z.infer<typeof LlmConfig>, 'provider' | 'model' | 'structured_output' | 'supports_structured_output'>>
>

/**
 * How the model is told what to write: what the document asks for, else the best way that the model follows. A provider that is
 * said not to support structured output is told in the prompt.
 */
export function structuredOutputOf({ provider = '', model, ...config }: Config): StructuredOutput {
  if (config.structured_output) return config.structured_output
  if (config.supports_structured_output === false) return 'prompt'
  return structuredOutputsOf(provider, model)?.[0] ?? 'json_schema'
}

/** The system message: the rendered instructions, then how to answer. Without fields the agent answers in plain words. */
export function systemPrompt(document: AgentDocument, variables: JsonObject, mode: StructuredOutput): string {
  const { text } = renderPrompt(document.prompt_config.instructions, variables, document)
  return [text.trimEnd(), ...answerRules(document, mode)].join('\n\n')
}

/** The instructions alone, for a model whose form is held by other means than words. */
export const instructionsIn = (system: string): string => system.split(`\n\n${FORMAT}\n`)[0] ?? system

const FORMAT = '# Format of your replies'

function answerRules(document: AgentDocument, mode: StructuredOutput): string[] {
  const { fields, spoken_field } = document.schema_config
  if (fields.length === 0) return []
  const names = fields.map((field) => field.field_name)
  const style = document.tts_config.instruction_field
  const rules = [
    'Every reply is one JSON object and nothing else.',
    ...(mode === 'json_schema' ? [] : [`It has exactly these keys, in this order: ${names.join(', ')}.`]),
    ...(names.includes(spoken_field)
      ? [
          `\`${spoken_field}\` is read aloud by a voice as you write it: plain words only, no Markdown, lists, links, emoji or code.`,
        ]
      : []),
    ...(names.includes(style) ? [`\`${style}\` says how the voice sounds in this reply; it is never read aloud.`] : []),
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
