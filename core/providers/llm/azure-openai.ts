import type { LlmProvider } from '../provider.ts'
import { ALL_WAYS, llmOptions } from './llm-options.ts'

const KEY = 'env:AZURE_OPENAI_API_KEY'
const PLACE = 'https://NAME.openai.azure.com/openai/v1'

/** No address of its own: every resource has one. It lists what could be deployed, not what is. Prices depend on contract and region. */
export const azureOpenai: LlmProvider<'azure-openai'> = {
  id: 'azure-openai',
  kind: 'llm',
  name: 'Azure OpenAI',
  aliases: ['azure', 'azure.com', 'azure.openai'],
  description: 'OpenAI’s models in your own Azure resource; the model is the name of your deployment.',
  is_ai: true,
  network: 'to its address',
  needs: {
    kind: 'secret',
    secrets: [{ key: 'api_key', reference: KEY }],
    sites: ['openai.azure.com', 'cognitiveservices.azure.com', 'services.ai.azure.com'],
  },
  documentation: 'https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle',
  models: [],
  options: [
    ...llmOptions({}),
    {
      key: 'base_url',
      label: 'Address',
      type: 'url',
      placeholder: PLACE,
      help: 'Of your resource, ending in /openai/v1; with a version of the older protocol, ending in /openai.',
    },
    {
      key: 'api_version',
      label: 'Version',
      type: 'text',
      placeholder: '2024-10-21',
      advanced: true,
      help: 'Only for the older protocol; leave empty for /openai/v1.',
    },
    {
      key: 'api_key',
      label: 'Key',
      type: 'secret',
      default: KEY,
      placeholder: KEY,
      help: 'A reference: env:NAME reads the environment, secret:NAME the keychain. The key itself never stands in the agent.',
    },
  ],
  capabilities: { streaming: true, structured_output: ALL_WAYS },
}
