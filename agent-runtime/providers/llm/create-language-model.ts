import { llmProviderId, llmProviders, rehearsalPreset, type LlmProviderId } from '../../../core/providers/index.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { LanguageModel } from './language-model.ts'
import type { ProviderScope } from '../provider-context.ts'
import { createBuiltinModel } from './builtin-model.ts'
import { createAnthropicModel } from './anthropic-messages.ts'
import { createGoogleModel } from './google-generate.ts'
import { createInferenceModel } from './livekit-inference.ts'
import { createOpenAiModel } from './openai.ts'
import { createChatModel } from './openai-chat.ts'
import { RehearsalLLM, type Pace } from '../rehearsal/rehearsal-llm.ts'

type CreateModel = (scope: ProviderScope) => LanguageModel | Promise<LanguageModel>

const createModel: { readonly [Id in LlmProviderId]: CreateModel } = {
  builtin: createBuiltinModel,
  rehearsal: (scope) => {
    const { document, seed } = scope
    const preset = rehearsalPreset(document.llm_config.model)
    const options = {
      document,
      seed,
      model: preset.id,
      pace: { ...preset, tokens_per_second: speedOf(scope) ?? preset.illustrative_tokens_per_second } satisfies Pace,
    }
    return {
      open: () => new RehearsalLLM(options),
      extraKwargs: {},
      patience_ms: 60_000,
      context: { kind: 'llm', name: llmProviders.rehearsal.name, model: preset.id },
    }
  },
  openai: createOpenAiModel,
  anthropic: createAnthropicModel,
  google: createGoogleModel,
  groq: createChatModel('groq'),
  cerebras: createChatModel('cerebras'),
  mistral: createChatModel('mistral'),
  xai: createChatModel('xai'),
  deepseek: createChatModel('deepseek'),
  together: createChatModel('together'),
  openrouter: createChatModel('openrouter'),
  'azure-openai': createChatModel('azure-openai'),
  'livekit-inference': createInferenceModel,
  'openai-realtime': async (scope) => (await import('./openai-realtime.ts')).createRealtimeModel(scope),
  'gemini-live': async (scope) => (await import('./gemini-live.ts')).createGeminiLiveModel(scope),
  ollama: createChatModel('ollama'),
  'lm-studio': createChatModel('lm-studio'),
  'llama-server': createChatModel('llama-server'),
  'openai-compatible': createChatModel('openai-compatible'),
}

/** The LLM that the document names. Throws StudioError for a provider that this build does not have. */
export async function createLanguageModel(scope: ProviderScope): Promise<LanguageModel> {
  const { provider } = scope.document.llm_config
  const id = llmProviderId(provider)
  if (id) return createModel[id](scope)
  const known = Object.keys(createModel).join(', ')
  throw new StudioError('unsupported', `There is no LLM provider "${provider}"`, `Choose one of: ${known}.`)
}

function speedOf({ document }: ProviderScope): number | undefined {
  const speed = document.llm_config['tokens_per_second']
  return typeof speed === 'number' && speed > 0 ? speed : undefined
}
