import { StudioError } from '../../../core/contract/errors.ts'
import { connectionOf, type Connection } from '../connection.ts'
import type { ProviderScope } from '../provider-context.ts'
import type { LanguageModel } from './language-model.ts'
import { chatRequest } from './openai-chat.ts'
import { patienceOf } from './wanted.ts'

/** LiveKit Cloud's gateway, through the session library itself: it signs a short-lived token from key and secret. */
export async function createInferenceModel({ document, secrets }: ProviderScope): Promise<LanguageModel> {
  const { inference } = await import('@livekit/agents')
  // Its client would print what it cannot read, which is what somebody said.
  process.env['OPENAI_LOG'] ??= 'off'
  const server = connectionOf('llm', document.llm_config, secrets)
  return {
    open: () => {
      // Without both, the library would look for others in the environment.
      const { key, secret } = requirePair(server)
      const place = { baseURL: server.base_url, apiKey: key, apiSecret: secret }
      return new inference.LLM({ model: server.model, modelOptions: {}, ...place })
    },
    extraKwargs: chatRequest(document, server.base_url, { limit: 'max_completion_tokens' }),
    patience_ms: patienceOf(document),
    context: server.context,
  }
}

function requirePair({ key, secret, context }: Connection): Readonly<{ key: string; secret: string }> {
  if (key !== undefined && secret !== undefined) return { key, secret }
  throw new StudioError(
    'provider_failed',
    `The LLM (${context.name}) needs an API key and its secret, and ${key === undefined ? 'the key' : 'the secret'} is empty`,
    'Paste both of your LiveKit Cloud project in Models & keys, or set LIVEKIT_API_KEY and LIVEKIT_API_SECRET.',
  )
}
