import type { ProviderScope } from '../provider-context.ts'
import type { LanguageModel } from './language-model.ts'
import { createChatModel } from './openai-chat.ts'
import { createResponsesModel } from './openai-responses.ts'

const createOpenAiChat = createChatModel('openai')

/** OpenAI in the protocol that the document chose; a word that is none is its usual one. */
export const createOpenAiModel = async (scope: ProviderScope): Promise<LanguageModel> =>
  scope.document.llm_config['api'] === 'responses' ? createResponsesModel(scope) : createOpenAiChat(scope)
