import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { ProviderCheck } from '../../core/contract/providers.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { checkProvider, type CheckDeps } from './check-provider.ts'
import { createListModels, type ListDeps } from './list-models.ts'
import { requireProvider } from './named-block.ts'
import { allPrices } from './price-list.ts'

type Names = 'provider.check' | 'provider.checks' | 'provider.models' | 'price.list' | 'price.set'

export type ProviderDeps = ListDeps & CheckDeps & Readonly<{ store: Store; emit: Emit }>

/** What providers are asked outside of calls, and what they cost. */
export function providerHandlers(deps: ProviderDeps): HandlersOf<Names> {
  const { store, emit } = deps
  const listModels = createListModels(deps)
  return {
    'provider.check': async (input, { caller, signal, progress }) => {
      const checked = await checkProvider(deps, caller, input, { signal, onStep: progress })
      const { check } = checked
      const { kind, provider, model, ok } = check
      const audit = { action: 'provider.check', subject: provider, detail: { kind, model, ok } }
      await store.commit(caller, [{ kind: 'check.keep', check }], audit)
      const kept = await lastCheck(store, caller, check)
      emit({ type: 'provider.checked', check: kept })
      return { ...checked, check: kept }
    },
    'provider.checks': async (_, { caller }) => ({ checks: [...(await store.providers.checks(caller))] }),
    'provider.models': (input, { caller, signal }) => listModels(caller, input, signal),
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

/** With the time of the last one that passed, which may be an earlier one. */
async function lastCheck(store: Store, scope: TenantScope, check: ProviderCheck): Promise<ProviderCheck> {
  const { kind, provider, model, base_url } = check
  const checks = await store.providers.checks(scope)
  const isSame = (one: ProviderCheck) =>
    one.kind === kind && one.provider === provider && one.model === model && one.base_url === base_url
  return checks.find(isSame) ?? check
}

/** Under the catalogue's id, whichever name was given. Throws `malformed` for a price that could never be applied. */
function pricedModel({ kind, provider, model, price }: ParsedInputOf<'price.set'>) {
  if (price && kind === 'llm' && price.per !== 'million_tokens')
    throw new StudioError('malformed', 'An LLM is paid by tokens.', 'Give dollars for a million tokens read, and written.')
  return { kind, provider: requireProvider(kind, provider).id, model }
}
