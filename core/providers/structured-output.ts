import { findProvider } from './find-provider.ts'
import type { LlmProvider, Provider, ProviderModel, StructuredOutput } from './provider.ts'

/** A model of the catalogue; nothing for one that only the provider knows. */
export const findModel = (provider: LlmProvider | undefined, model: string | undefined): ProviderModel | undefined =>
  provider?.models.find(({ id }) => id === (model ?? defaultModel(provider)))

/** The model that answers when a document names none. */
export function defaultModel({ options }: Pick<Provider, 'options'>): string | undefined {
  const option = options.find(({ key }) => key === 'model')
  return option?.type === 'model' ? option.default : undefined
}

/** The ways of structured output that a model follows, best first; nothing for a provider that is not in the catalogue. */
export function structuredOutputsOf(provider: string, model: string | undefined): readonly StructuredOutput[] | undefined {
  const found = findProvider('llm', provider)
  return findModel(found, model)?.structured_output ?? found?.capabilities.structured_output
}
