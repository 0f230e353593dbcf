import { secretReferences } from '../../../core/agent/secret-scan.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { ApiDeps } from './api-deps.ts'
import { findAgent } from './find-agent.ts'
import { isOwnSecret } from './secret-name.ts'

/** For ever, with the history and the keys that were kept for this agent alone. */
export async function purgeAgent(deps: ApiDeps, scope: TenantScope, agent_id: string): Promise<void> {
  const { head } = await findAgent(deps.store, scope, agent_id)
  const names = secretReferences(head.content).filter((reference) => isOwnSecret(agent_id, reference))
  const forgotten = await Promise.all(names.map((reference) => deps.secrets.forget(scope, reference.slice('secret:'.length))))
  await deps.store.commit(scope, [{ kind: 'agent.purge', agent_id }, ...forgotten.flat()], {
    action: 'agent.purge',
    subject: agent_id,
    detail: {},
  })
  deps.emit({ type: 'agent.deleted', agent_id: head.agent_id, tenant_id: scope.tenant_id })
}
