import { needsKey } from './connection-options.ts'
import type { ProviderOption } from './provider.ts'

export const OPENAI_BASE_URL = 'https://api.openai.com/v1'
export const OPENAI_KEY = 'env:OPENAI_API_KEY'

export const needsOpenAiKey = needsKey(OPENAI_KEY, 'remote addresses')

/** Where the server is and what opens it, for any server that speaks OpenAI's protocol. */
export const openaiConnection: readonly ProviderOption[] = [
  {
    key: 'base_url',
    label: 'Address',
    type: 'url',
    default: OPENAI_BASE_URL,
    placeholder: 'http://127.0.0.1:11434/v1',
    help: 'The part before /chat/completions or /audio. A server on this machine needs no key.',
  },
  {
    key: 'api_key',
    label: 'Key',
    type: 'secret',
    default: OPENAI_KEY,
    placeholder: 'secret:openai',
    help: 'A reference: env:NAME reads the environment, secret:NAME the keychain. The key itself never stands in the agent.',
  },
]
