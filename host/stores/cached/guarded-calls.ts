import type { CallStore } from '../../../core/store/calls.ts'
import type { LimitStore } from '../../../core/store/limits.ts'
import type { SessionCommands } from '../../../core/store/session-commands.ts'
import type { CallsBegun } from './calls-begun.ts'

type Ask = <Value>(question: () => Promise<Value>) => Promise<Value>
type Asking = Readonly<{ ask: Ask; write: Ask }>
type AskingOfCalls = Asking & Readonly<{ begin: Ask; begun: CallsBegun }>

/** Calls are never remembered: who holds one must see how it stands. */
export const guardedCalls = (calls: CallStore, { ask, write, begin, begun }: AskingOfCalls): CallStore => ({
  find: async (scope, session_id) => begun.find(scope, session_id) ?? ask(() => calls.find(scope, session_id)),
  list: (...args) => ask(() => calls.list(...args)),
  journal: (scope, session_id, ...args) =>
    begun.find(scope, session_id)
      ? Promise.resolve({ events: [], more: false })
      : ask(() => calls.journal(scope, session_id, ...args)),
  listUnended: () => ask(() => calls.listUnended()),
  listExpired: (...args) => ask(() => calls.listExpired(...args)),
  countActive: (...args) => ask(() => calls.countActive(...args)),
  armStats: (...args) => ask(() => calls.armStats(...args)),
  deliveries: {
    list: (...args) => ask(() => calls.deliveries.list(...args)),
    find: (...args) => ask(() => calls.deliveries.find(...args)),
    claim: (...args) => ask(() => calls.deliveries.claim(...args)),
    prune: (...args) => write(() => calls.deliveries.prune(...args)),
  },
  findLost: (...args) => ask(() => calls.findLost(...args)),
  commit: (scope, changes, once) => {
    const within = changes.some(({ kind }) => kind === 'session.create') ? begin : write
    return begun.commit(scope, changes, (of, what) => within(() => calls.commit(of, what, once)))
  },
  removeEnded: async (...args) => {
    // What was not written down yet is of somebody as well.
    await begun.catchUp()
    return write(() => calls.removeEnded(...args))
  },
  purgeDeleted: (...args) => write(() => calls.purgeDeleted(...args)),
})

export const guardedLimits = (limits: LimitStore, { ask, write }: Asking): LimitStore => ({
  takePlace: (...args) => ask(() => limits.takePlace(...args)),
  renewPlaces: (...args) => write(() => limits.renewPlaces(...args)),
  leavePlace: (...args) => write(() => limits.leavePlace(...args)),
  takeMinutes: (...args) => ask(() => limits.takeMinutes(...args)),
  settleMinutes: (...args) => write(() => limits.settleMinutes(...args)),
  takeRequests: (...args) => ask(() => limits.takeRequests(...args)),
  prune: (...args) => write(() => limits.prune(...args)),
  usage: (...args) => ask(() => limits.usage(...args)),
})

export const guardedCommands = ({ send, take, watch }: SessionCommands, { ask, write }: Asking): SessionCommands => ({
  send: (...args) => write(() => send(...args)),
  take: (...args) => ask(() => take(...args)),
  ...(watch && { watch }),
})
