import { StudioError } from '../../core/contract/errors.ts'
import type { Change, Store } from '../../core/store/store.ts'
import { createTurns } from './in-turn.ts'

/**
 * The same store; new agents are refused where their tenant has as many as it may, whichever way they come. Those that come together are
 * counted one after the other; two instances may still each let one in at the same moment.
 */
export function withAgentLimit(store: Store): Store {
  const inTurn = createTurns()
  return {
    ...store,
    async commit(scope, changes, audit) {
      const more = changes.filter(isNew).length
      const most = more === 0 ? undefined : (await store.directory.tenant(scope.tenant_id))?.limits.agents
      if (typeof most !== 'number') return store.commit(scope, changes, audit)
      await inTurn(scope.tenant_id, async () => {
        const { count } = await store.agents.list(scope, { deleted: false, limit: 1 })
        if (count + more > most) throw full(most, count)
        await store.commit(scope, changes, audit)
      })
    },
  }
}

const isNew = (change: Change): boolean =>
  change.kind === 'agent.create' || change.kind === 'agent.undelete' || (change.kind === 'agent.import' && change.based_on === 0)

const full = (most: number, count: number): StudioError =>
  new StudioError(
    'quota_exceeded',
    `This tenant may have ${most} agent${most === 1 ? '' : 's'}, and has ${count}.`,
    'Delete one that is not needed any more, or ask the operator of the server for more.',
    [{ path: '/limits/agents', message: `${count} of ${most}` }],
  )
