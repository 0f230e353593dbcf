import type { LlmProvider } from '../provider.ts'

/** Its models are those of the models folder; a form lists them. */
export const builtin: LlmProvider<'builtin'> = {
  id: 'builtin',
  kind: 'llm',
  name: 'Built-in (llama.cpp)',
  aliases: ['llama.cpp', 'llama-cpp'],
  description:
    'A small open model on this machine: offline, free, and only as clever as its size; its fields always fit the table.',
  is_ai: true,
  network: 'never',
  needs: { kind: 'models', set_id: 'starter' },
  documentation: 'https://github.com/ggml-org/llama.cpp/tree/master/grammars',
  models: [],
  options: [
    {
      key: 'model',
      label: 'Model',
      type: 'model',
      any: true,
      help: 'What is in the models folder; empty takes the first.',
    },
    {
      key: 'temperature',
      label: 'Temperature',
      type: 'float',
      min: 0,
      max: 2,
      step: 0.1,
      help: '0 says the same again; above 1 it wanders. Empty: what suits the model.',
    },
    {
      key: 'max_tokens',
      label: 'Longest reply',
      type: 'int',
      min: 1,
      max: 4096,
      step: 1,
      unit: 'tokens',
      advanced: true,
      help: 'A reply that reaches it is cut off and mended; empty: what suits the model.',
    },
  ],
  capabilities: { streaming: true, structured_output: ['json_schema'] },
}
