import { StudioError } from '../../core/contract/errors.ts'
import type { HandlersOf } from '../handler.ts'

type Names = 'provider.check' | 'provider.checks' | 'provider.models' | 'price.list' | 'price.set'

const missing = async (): Promise<never> => {
  throw new StudioError('unsupported', 'Providers cannot be checked yet.', 'Start a call with the agent instead.')
}

export const providerHandlers = (): HandlersOf<Names> => ({
  'provider.check': missing,
  'provider.checks': async () => ({ checks: [] }),
  'provider.models': missing,
  'price.list': async () => ({ prices: [] }),
  'price.set': missing,
})
