import { StudioError } from '../../core/contract/errors.ts'
import type { EngineClient } from '../engines/engine-client.ts'
import type { ProviderScope } from './provider-context.ts'

/** The engine that the host runs for this call. Throws StudioError when there is none. */
export function engineFor(scope: ProviderScope, engine: 'builtin' | 'espeak' | 'llm', name: string): EngineClient {
  const address = scope.engines[engine]
  if (address) return scope.engine(address)
  throw new StudioError(
    'unavailable',
    `${name} does not run on this machine`,
    'Get its models in Models & keys, or choose another provider in Voice & models.',
  )
}
