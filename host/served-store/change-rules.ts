/**
 * What an admin of a tenant may write through the store's own door, which no handler of an operation stands before. Threat: an admin who
 * makes themselves an operator, gives the tenant more than it was given, plants keys, or writes without leaving a trace, or under a false
 * one; and one who plants a call whose holder seems to have died, in a room of another tenant, so that a worker takes it over and lets the
 * admin's agent listen there. So whatever lets people in, sets limits, reaches addresses and secrets, or is written by who holds a call is
 * for operators, and every commit that changes something has an audit row that says what it was.
 */
import { StudioError } from '../../core/contract/errors.ts'
import type { CallChange } from '../../core/store/calls.ts'
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
  'keeper.require': 'operator',
  'secret.keep': 'operator',
  'secret.forget': 'operator',
  'webhook.save': 'operator',
  'webhook.remove': 'operator',
}

const OF_CALLS_BY: { readonly [Kind in CallChange['kind']]: 'admin' | 'operator' } = {
  'session.create': 'operator',
  'session.attempt': 'operator',
  'session.lease': 'operator',
  'session.agent': 'operator',
  'session.input': 'operator',
  'journal.append': 'operator',
  'delivery.save': 'operator',
  'session.delete': 'admin',
  'session.undelete': 'admin',
}

/** Not worth an audit row wherever they come from. */
const QUIET = /^(working_copy\.|check\.keep$)/

/** The stores as an admin may write to them. */
export const withinTenant = (stores: Stores): Stores => ({
  ...stores,
  store: {
    ...stores.store,
    commit: async (scope, changes, audit, once) => {
      const refused = changes.find(({ kind }) => BY[kind] === 'operator')
      if (refused) throw forOperators(refused.kind)
      const kinds = changes.map(({ kind }) => kind)
      const isQuiet = kinds.every((kind) => QUIET.test(kind))
      const said = audit ? { said: { action: audit.action, subject: audit.subject } } : {}
      const traced = { action: 'store.commit', subject: kinds.join(' ').slice(0, 200), detail: said }
      await stores.store.commit(scope, changes, isQuiet ? null : traced, once)
    },
  },
  calls: {
    ...stores.calls,
    commit: async (scope, changes, once) => {
      const refused = changes.find(({ kind }) => OF_CALLS_BY[kind] === 'operator')
      if (refused) throw forOperators(refused.kind)
      return stores.calls.commit(scope, changes, once)
    },
  },
  commands: {
    ...stores.commands,
    // Reasons stand in journals, and each is a series of the metrics.
    send: (scope, { ask, ...command }) =>
      stores.commands.send(scope, { ...command, ask: ask.ask === 'stop' ? { ask: 'stop', reason: 'stopped' } : ask }),
  },
})

export const forOperators = (what: string): StudioError =>
  new StudioError('forbidden', `${what} is for operators.`, 'Use an API key of an operator (GREENROOM_STORE_KEY).')
