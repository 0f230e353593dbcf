import type { AgentDocument } from '../../../core/agent/document.ts'
import { instructionsIn } from '../../../core/agent/system-prompt.ts'
import { isJsonObject, parseJson } from '../../../core/json.ts'
import { llmProfile, type LlmProfile } from '../../../core/local-models/llm-profiles.ts'
import { exampleValue } from '../../../core/output/example-output.ts'
import { describeLimits, joinSentences } from '../../../core/output/field-limits.ts'
import { parseFieldType } from '../../../core/output/field-type.ts'
import { toGrammar, toSpeechGrammar } from '../../../core/output/grammar.ts'
import { spokenForm, type ReplyReader } from '../../../core/output/spoken-form.ts'
import { withToolCalls } from '../../../core/tools/tool-grammar.ts'
import { knownTools, parametersOf, toolSpecs } from '../../../core/tools/tool-spec.ts'
import type { KnownTool } from '../../../core/tools/tool.ts'
import { toolCallText, toolResultText, toolRules } from '../../../core/tools/tool-words.ts'
import type { GenerateRequest } from '../../engines/engine.ts'
import { promptOpening } from './prompt-opening.ts'

type Message = GenerateRequest['messages'][number]

/** How the replies of one revision are asked for and read. */
export type BuiltinForm = Readonly<{
  request: (conversation: string, messages: readonly Message[]) => GenerateRequest
  reader: () => ReplyReader
}>

/** What the built-in LLM is asked, in the way that its model needs. */
export function builtinForm(document: AgentDocument): BuiltinForm {
  const { model = '', temperature, max_tokens } = document.llm_config
  const profile = llmProfile(model)
  const { grammar, reader = asItIs } = withTools(formOf(document, profile), document, profile)
  return {
    request: (conversation, messages) => ({
      model,
      conversation,
      messages: toMessages(document, profile, messages),
      ...(grammar === undefined ? {} : { grammar }),
      temperature: temperature ?? profile.temperature,
      max_tokens: max_tokens ?? profile.max_tokens,
      longest_context: profile.longest_context,
      repeat_penalty: profile.repeat_penalty,
    }),
    reader,
  }
}

function formOf(document: AgentDocument, profile: LlmProfile): Form {
  const { fields, spoken_field } = document.schema_config
  const { spoken, styles, longest_text, form } = profile
  const shape = { spoken_field, spoken, style_field: document.tts_config.instruction_field, styles, longest_text }
  if (fields.length === 0) return { grammar: toSpeechGrammar(shape) }
  return (form === 'speech' ? spokenForm(fields, shape) : undefined) ?? { grammar: toGrammar(fields, shape) }
}

type Form = Readonly<{ grammar: string | undefined; reader?: () => ReplyReader }>

/** A call of a tool in the place of a reply: it begins with a brace, which no speech does. */
function withTools({ grammar, reader }: Form, document: AgentDocument, { longest_text }: LlmProfile): Form {
  const tools = knownTools(document.tools)
  if (tools.length === 0) return { grammar, ...(reader && { reader }) }
  return { grammar: withToolCalls(grammar, tools, longest_text), ...(reader && { reader: () => callOrSpeech(reader()) }) }
}

function callOrSpeech(speech: ReplyReader): ReplyReader {
  let isCall: boolean | undefined
  return {
    push(text) {
      if (isCall === undefined && text.trim() !== '') isCall = text.trimStart().startsWith('{')
      return isCall ? text : speech.push(text)
    },
    end: () => (isCall ? '' : speech.end()),
  }
}

const asItIs = (): ReplyReader => ({ push: (text) => text, end: () => '' })

function toMessages(document: AgentDocument, profile: LlmProfile, messages: readonly Message[]): Message[] {
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => promptOpening(instructionsIn(content), profile.longest_prompt))
  const spoken = messages.filter(({ role }) => role !== 'system')
  const explained = [
    ...(profile.explains_fields ? [fieldsExplained(document)] : []),
    ...(knownTools(document.tools).length > 0 ? [toolRules(toolSpecs(document.tools))] : []),
  ]
  const examples = profile.examples.flatMap(({ user, assistant }): Message[] => [
    { role: 'user', content: user },
    { role: 'assistant', content: assistant },
  ])
  // A model that needs examples to speak needs one to call as well.
  const calling = examples.length === 0 ? [] : knownTools(document.tools).slice(0, 1).flatMap(callExample)
  const content = [...system, ...explained].filter(Boolean).join('\n\n')
  return [
    { role: 'system', content },
    ...examples,
    ...calling,
    ...spoken.map((message) => (profile.history === 'spoken' ? asSpoken(message, document) : message)),
  ]
}

function callExample(tool: KnownTool): Message[] {
  const given = Object.fromEntries(parametersOf(tool).map((field) => [field.field_name, exampleValue(field) ?? null]))
  return [
    { role: 'user', content: `${tool.description.trim()} ${Object.values(given).map(String).join(' ')}`.trim() },
    { role: 'assistant', content: toolCallText(tool.name, given) },
    { role: 'user', content: toolResultText(tool.name, '{"state":"ready"}') },
    { role: 'assistant', content: 'The state is ready. What else can I do for you?' },
  ]
}

/** A tiny model that sees its own JSON writes that JSON again. */
function asSpoken(message: Message, document: AgentDocument): Message {
  if (message.role !== 'assistant' || document.schema_config.fields.length === 0) return message
  const output = parseJson(message.content)
  const said = isJsonObject(output) ? output[document.schema_config.spoken_field] : undefined
  return typeof said === 'string' ? { role: 'assistant', content: said } : message
}

/** The grammar keeps the form; what each field means stands here. */
function fieldsExplained({ schema_config: { fields, spoken_field } }: AgentDocument): string {
  if (fields.length === 0) return 'You are on the telephone: answer in one or two short sentences of plain words.'
  const lines = fields.map((field) => {
    const type = parseFieldType(field.field_type)
    const choices = type.ok && type.type.kind === 'literal' ? `One of: ${type.type.values.join(', ')}.` : ''
    const limits = type.ok ? describeLimits(type.type, field.constraints) : ''
    const said = field.field_name === spoken_field ? 'This is said aloud: one or two short sentences of plain words.' : ''
    return `- ${field.field_name}: ${joinSentences([field.description, choices, limits, said])}`.trimEnd()
  })
  return `Answer each time with a JSON object of these fields:\n${lines.join('\n')}`
}
