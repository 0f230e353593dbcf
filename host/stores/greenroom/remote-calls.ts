import type { CallStore } from '../../../core/store/calls.ts'
import type { LimitStore } from '../../../core/store/limits.ts'
import type { SessionCommands } from '../../../core/store/session-commands.ts'
import { callMethods, commandMethods, deliveryMethods, limitMethods } from './call-methods.ts'
import type { StoreLink } from './store-link.ts'

/** Calls that another Greenroom keeps. */
export const remoteCalls = ({ call }: StoreLink): CallStore => ({
  find: (scope, ...args) => call(callMethods.find, scope, args),
  list: (scope, ...args) => call(callMethods.list, scope, args),
  journal: (scope, ...args) => call(callMethods.journal, scope, args),
  listUnended: () => call(callMethods.listUnended, undefined, []),
  listExpired: (...args) => call(callMethods.listExpired, undefined, args),
  countActive: (scope) => call(callMethods.countActive, scope, []),
  armStats: (scope, ...args) => call(callMethods.armStats, scope, args),
  deliveries: {
    list: (scope, ...args) => call(deliveryMethods.list, scope, args),
    find: (scope, ...args) => call(deliveryMethods.find, scope, args),
    claim: (...args) => call(deliveryMethods.claim, undefined, args),
    prune: (...args) => call(deliveryMethods.prune, undefined, args),
  },
  findLost: (scope, ...args) => call(callMethods.findLost, scope, args),
  commit: (scope, changes, once) => call(callMethods.commit, scope, [changes], once),
  removeEnded: (scope, ...args) => call(callMethods.removeEnded, scope, args),
  purgeDeleted: (...args) => call(callMethods.purgeDeleted, undefined, args),
})

export const remoteLimits = ({ call }: StoreLink): LimitStore => ({
  takePlace: (scope, ...args) => call(limitMethods.takePlace, scope, args),
  renewPlaces: (...args) => call(limitMethods.renewPlaces, undefined, args),
  leavePlace: (scope, ...args) => call(limitMethods.leavePlace, scope, args),
  takeMinutes: (scope, ...args) => call(limitMethods.takeMinutes, scope, args),
  settleMinutes: (scope, ...args) => call(limitMethods.settleMinutes, scope, args),
  takeRequests: (scope, ...args) => call(limitMethods.takeRequests, scope, args),
  prune: (...args) => call(limitMethods.prune, undefined, args),
  usage: (scope, ...args) => call(limitMethods.usage, scope, args),
})

export const remoteCommands = ({ call }: StoreLink, watch: NonNullable<SessionCommands['watch']>): SessionCommands => ({
  send: (scope, ...args) => call(commandMethods.send, scope, args),
  take: (...args) => call(commandMethods.take, undefined, args),
  watch,
})
