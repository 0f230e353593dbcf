import type { StudioEvent } from '../../core/contract/events.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { RunningCalls } from './running-calls.ts'

/** What is changed reaches the running calls that it is of at once; they use it from their next turn. */
export function createRefreshCalls(running: Pick<RunningCalls, 'refresh' | 'entries'>, isOffline: () => boolean) {
  let offline = isOffline()
  return (event: StudioEvent): void => {
    switch (event.type) {
      case 'agent.changed': {
        const { agent_id, revision } = event.agent
        // What production serves of an agent may also go back to an older revision.
        return running.refresh(
          ({ scope, asked, live }) =>
            isOf(scope, event) && asked.agent_id === agent_id && (asked.served === true || live.revision() < revision),
        )
      }
      case 'agent.deleted':
        for (const [, { scope, asked, live }] of running.entries()) {
          if (isOf(scope, event) && asked.agent_id === event.agent_id) void live.end('agent_deleted')
        }
        return
      // Another version for some callers, another tier, another key: whoever is concerned answers by it, for the others nothing is new.
      case 'release.changed':
        return running.refresh(
          ({ scope, asked }) =>
            isOf(scope, event) && asked.served === true && (event.agent_id ?? asked.agent_id) === asked.agent_id,
        )
      case 'tenant.changed':
      case 'secret.changed':
        return running.refresh(({ scope }) => isOf(scope, event))
      case 'setting.changed':
        if (event.settings.offline === offline) return
        offline = event.settings.offline
        return running.refresh(() => true)
      default:
    }
  }
}

/** Tenants call their agents alike; an event without a tenant is of the only one. */
const isOf = ({ tenant_id }: TenantScope, event: Readonly<{ tenant_id?: TenantScope['tenant_id'] | undefined }>): boolean =>
  event.tenant_id === undefined || event.tenant_id === tenant_id
