import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { createListModels, type ListDeps } from './list-models.ts'
import { requireProvider } from './named-block.ts'
import { allPrices } from './price-list.ts'

type Names = 'provider.check' | 'provider.checks' | 'provider.models' | 'price.list' | 'price.set'

export type ProviderDeps = ListDeps & Readonly<{ store: Store; emit: Emit }>

/** What providers are asked outside of calls, and what they cost. */
export function providerHandlers(deps: ProviderDeps): HandlersOf<Names> {
  const { store, emit } = deps
  const listModels = createListModels(deps)
  return {
    'provider.check': async () => {
      throw new StudioError('unsupported', 'Providers cannot be checked yet.', 'Start a call with the agent instead.')
    },
    'provider.checks': async (_, { caller }) => ({ checks: [...(await store.providers.checks(caller))] }),
    'provider.models': (input, { signal }) => listModels(input, signal),
    'price.list': async (_, { caller }) => ({ prices: allPrices(await store.providers.prices(caller)) }),
    'price.set': async (input, { caller }) => {
      const { price } = input
      const of = pricedModel(input)
      const audit = {
        action: 'price.set',
        subject: `${of.provider} ${of.model}`,
        detail: { ...of, price: price ? JSON.stringify(price) : null },
      }
      await store.commit(caller, [{ kind: 'price.set', of, price: price ?? null }], audit)
      emit({ type: 'price.changed' })
      return { prices: allPrices(await store.providers.prices(caller)) }
    },
  }
}

/** Under the catalogue's id, whichever name was given. Throws `malformed` for a price that could never be applied. */
function pricedModel({ kind, provider, model, price }: ParsedInputOf<'price.set'>) {
  if (price && kind === 'llm' && price.per !== 'million_tokens')
    throw new StudioError('malformed', 'An LLM is paid by tokens.', 'Give dollars for a million tokens read, and written.')
  return { kind, provider: requireProvider(kind, provider).id, model }
}
