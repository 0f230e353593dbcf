/**
 * What an admin of a tenant may write through the store's own door, which no handler of an operation stands before. Threat: an admin who
 * makes themselves an operator, gives the tenant more than it was given, plants keys, or writes without leaving a trace. So whatever lets
 * people in, sets limits, or reaches addresses and secrets is for operators, and every commit that changes something has an audit row.
 */
import { StudioError } from '../../core/contract/errors.ts'
import type { Change } from '../../core/store/store.ts'
import type { Stores } from '../../core/store/stores.ts'

const BY: { readonly [Kind in Change['kind']]: 'admin' | 'operator' } = {
  'agent.create': 'admin',
  'agent.serve_head': 'admin',
  'agent.revise': 'admin',
  'agent.import': 'admin',
  'working_copy.write': 'admin',
  'working_copy.drop': 'admin',
  'version.publish': 'admin',
  'label.set': 'admin',
  'agent.state': 'admin',
  'agent.delete': 'admin',
  'agent.undelete': 'admin',
  'agent.purge': 'admin',
  'setting.set': 'admin',
  'price.set': 'admin',
  'check.keep': 'admin',
  'route.weights': 'admin',
  'release.save': 'admin',
  'connection.save': 'operator',
  'connection.delete': 'operator',
  'tenant.save': 'operator',
  'user.save': 'operator',
  'user.default_agent': 'operator',
  'key.save': 'operator',
  'key.used': 'operator',
  'secret.keep': 'operator',
  'secret.forget': 'operator',
  'webhook.save': 'operator',
  'webhook.remove': 'operator',
}

/** Not worth an audit row wherever they come from. */
const QUIET = /^(working_copy\.|check\.keep$)/

/** The stores as an admin may write to them. */
export const withinTenant = (stores: Stores): Stores => ({
  ...stores,
  store: {
    ...stores.store,
    commit: async (scope, changes, audit) => {
      const refused = changes.find(({ kind }) => BY[kind] === 'operator')
      if (refused) throw forOperators(refused.kind)
      const kinds = changes.map(({ kind }) => kind)
      const isQuiet = kinds.every((kind) => QUIET.test(kind))
      const traced = audit ?? (isQuiet ? null : { action: 'store.commit', subject: kinds.join(' ').slice(0, 200), detail: {} })
      await stores.store.commit(scope, changes, traced)
    },
  },
})

export const forOperators = (what: string): StudioError =>
  new StudioError('forbidden', `${what} is for operators.`, 'Use an API key of an operator (GREENROOM_STORE_KEY).')
