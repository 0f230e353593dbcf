import type { AgentDocument } from '../../../core/agent/document.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'
import { connectEngine, type EngineClient } from '../../engines/engine-client.ts'
import type { ProviderScope } from '../../providers/provider-context.ts'
import { createScript } from '../../providers/rehearsal/script.ts'
import type { CheckRequest } from './check-provider.ts'

/** All that a provider may read when it is asked outside of a call; `close` when the check is over. */
export function openCheckScope(document: AgentDocument, { secrets, engines }: CheckRequest) {
  const clients = new Map<string, EngineClient>()
  const engine = (address: EngineAddress): EngineClient => {
    const client = clients.get(address.path) ?? connectEngine(address)
    clients.set(address.path, client)
    return client
  }
  const scope: ProviderScope = { document, secrets, engines, engine, seed: 1, script: createScript([]), notice: () => undefined }
  return { scope, close: () => clients.forEach((client) => client.close()) }
}
