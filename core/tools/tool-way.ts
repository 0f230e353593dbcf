import { findProvider, structuredOutputsOf, type StructuredOutput } from '../providers/index.ts'
import type { Tool } from './tool.ts'
import { knownTools } from './tool-spec.ts'

type Config = Readonly<{
  provider?: string | undefined
  model?: string | undefined
  structured_output?: StructuredOutput | undefined
  supports_structured_output?: boolean | undefined
}>
type Asked = Readonly<{ llm_config: Config; tools: readonly Tool[] }>

/** `native`: in the words of its protocol. `words`: in the prompt, answered by a JSON object instead of the output. */
export type ToolWay = 'none' | 'native' | 'words'

/** How the LLM is told of the tools. Whoever asks for structured output by prompt has a model that knows no other way. */
export function toolWayOf({ llm_config, tools }: Asked): ToolWay {
  if (knownTools(tools).length === 0 || WITHOUT.has(idOf(llm_config))) return 'none'
  if (idOf(llm_config) === 'rehearsal') return 'native'
  const told = llm_config.structured_output === 'prompt' || llm_config.supports_structured_output === false
  return told || idOf(llm_config) === 'builtin' ? 'words' : 'native'
}

/**
 * How the model is told what to write: what the document asks for, else the best way that the model follows. A provider that is
 * said not to support structured output is told in the prompt, and so is one that cannot call tools while it keeps to a schema.
 */
export function outputWayOf({ llm_config, tools }: Asked): StructuredOutput {
  const { structured_output: asked, supports_structured_output: supported, provider = '', model } = llm_config
  if (supported === false && asked === undefined) return 'prompt'
  const best = asked ?? structuredOutputsOf(provider, model)?.[0] ?? 'json_schema'
  return toolWayOf({ llm_config, tools }) === 'native' && !takesBoth(llm_config) ? 'prompt' : best
}

/** Tools are not run with it: it answers by a function of ours, once for a turn. */
const WITHOUT: ReadonlySet<string> = new Set(['gemini-live'])

/**
 * Whether it takes tools beside a schema. A server that holds the schema by a grammar can then write no call (llama.cpp, Ollama, vLLM),
 * and others refuse both together (console.groq.com/docs/structured-outputs, github.com/googleapis/python-genai/issues/867). Where it is
 * not documented, the schema is told in the prompt.
 */
function takesBoth(config: Config): boolean {
  const [id, model = ''] = [idOf(config), config.model]
  if (id === 'google') return !/gemini-(?:1|2)\b/.test(model || 'gemini-2')
  if (id === 'livekit-inference') return model.startsWith('openai/')
  return BOTH.has(id)
}
const BOTH: ReadonlySet<string> = new Set([
  'openai',
  'azure-openai',
  'anthropic',
  'xai',
  'openrouter',
  'openai-realtime',
  'rehearsal',
  'builtin',
])

const idOf = ({ provider = '' }: Config): string => findProvider('llm', provider)?.id ?? provider
