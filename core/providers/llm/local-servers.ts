import type { LlmProvider, ProviderModel, StructuredOutput } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'

type LocalServerId = 'ollama' | 'lm-studio' | 'llama-server'
type LocalServer<Id extends LocalServerId> = Pick<LlmProvider<Id>, 'id' | 'name' | 'aliases' | 'description' | 'documentation'> &
  Readonly<{
    base_url: string
    models?: readonly ProviderModel[]
    model?: string
    structured_output?: readonly StructuredOutput[]
  }>

/** A server on this machine or in its network: no key, and models that only it knows. */
function localServer<Id extends LocalServerId>({ base_url, models = [], model, ...server }: LocalServer<Id>): LlmProvider<Id> {
  const { structured_output = ALL_WAYS, ...named } = server
  return {
    ...named,
    kind: 'llm',
    is_ai: true,
    network: 'to its address',
    base_url,
    needs: { kind: 'nothing' },
    models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
    models,
    options: [
      ...llmOptions({ ...(model === undefined ? {} : { model }), structured_output }),
      {
        key: 'base_url',
        label: 'Address',
        type: 'url',
        default: base_url,
        placeholder: base_url,
        help: 'Another port, or another machine of your network.',
      },
      {
        key: 'api_key',
        label: 'Key',
        type: 'secret',
        placeholder: 'secret:NAME',
        advanced: true,
        help: 'Only when something in front of it asks for one.',
      },
    ],
    capabilities: { streaming: true, structured_output },
  }
}

export const ollama = localServer({
  id: 'ollama',
  name: 'Ollama',
  aliases: ['ollama.local', 'ollama.com'],
  description: 'Models that Ollama runs on this machine or in your network.',
  documentation: 'https://docs.ollama.com/api/openai-compatibility',
  base_url: 'http://localhost:11434/v1',
})

export const lmStudio = localServer({
  id: 'lm-studio',
  name: 'LM Studio',
  aliases: ['lmstudio', 'lmstudio.local'],
  description: 'Models that LM Studio serves on this machine or in your network.',
  documentation: 'https://lmstudio.ai/docs/developer/openai-compat/structured-output',
  base_url: 'http://localhost:1234/v1',
  // Its response_format is a schema or text, nothing between.
  structured_output: ['json_schema', 'prompt'],
})

export const llamaServer = localServer({
  id: 'llama-server',
  name: 'llama.cpp server',
  aliases: ['llamacpp', 'llama-cpp-server'],
  description: 'A GGUF model that llama-server serves on this machine or in your network.',
  documentation: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
  base_url: 'http://localhost:8080/v1',
  models: [{ id: 'default', label: 'What it has loaded', help: 'It answers with its one model whatever the name' }],
  model: 'default',
})
