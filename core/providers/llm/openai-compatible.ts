import { OPENAI_BASE_URL, needsOpenAiKey, openaiConnection } from '../openai-connection.ts'
import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'
import { classicOpenAiModels } from './openai.ts'

export const openaiCompatible: LlmProvider<'openai-compatible'> = {
  id: 'openai-compatible',
  kind: 'llm',
  name: 'OpenAI-compatible',
  aliases: ['openai.compatible', 'custom'],
  description: 'Any server with /chat/completions: vLLM, a proxy, another vendor, or OpenAI itself.',
  is_ai: true,
  network: 'to its address',
  base_url: OPENAI_BASE_URL,
  needs: needsOpenAiKey,
  models_endpoint: { path: '/models', auth: 'bearer', list: 'data', id: 'id' },
  documentation: 'https://platform.openai.com/docs/guides/structured-outputs',
  models: classicOpenAiModels,
  options: [...llmOptions({ model: 'gpt-4.1-mini' }), ...openaiConnection],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
