/**
 * The store of this Greenroom for others. Threat: a credential of one tenant that reaches into another, an admin who does by the store what
 * no operation would let them do, and arguments that are made to break the host. So only the methods of one table are there, each with its
 * arguments checked and with the role that it takes; the tenant is the credential's (or the one that the door let an operator into), never
 * the arguments'; and what admins write passes change-rules.ts.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { hasRole, type Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { UserId } from '../../core/contract/ids.ts'
import { hasMoreValuesThan, isDeeperThan, MOST_LEVELS, MOST_VALUES, parseJson } from '../../core/json.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Stores } from '../../core/store/stores.ts'
import type { HandlersOf } from '../handler.ts'
import { allMethods } from '../stores/greenroom/all-methods.ts'
import { forOperators, withinTenant } from './change-rules.ts'
import { createKeptReplies } from './kept-replies.ts'
import { createStoreChanges } from './store-changes.ts'

const LEVELS_AROUND = 6

export type ServedStoreDeps = Readonly<{
  stores: Stores
  /** Which host this is. */
  instance: string
  clock: () => number
  /** Called when the host ends. */
  onClose: (close: () => void) => void
}>

export function storeHandlers({ stores, instance, clock, onClose }: ServedStoreDeps): HandlersOf<'store.call' | 'store.wait'> {
  const methods = allMethods()
  const replies = createKeptReplies(clock)
  const changes = createStoreChanges(stores, instance)
  onClose(changes.close)
  const forAdmins = withinTenant(stores)

  return {
    'store.call': async ({ method: name, args, user_id, key }, { caller }) => {
      const method = methods.get(name)
      if (!method) throw noMethod(name)
      const isOperator = hasRole(caller.role, 'operator')
      if (method.may === 'operator' && !isOperator) throw forOperators(name)
      const given = unpacked(args)
      if (!isOperator && hasMoreValuesThan(given, MOST_VALUES)) throw tooMany()
      const once = method.writes && key !== undefined ? keyOf(caller, name, key) : undefined
      const call = () =>
        method.serve(isOperator ? stores : forAdmins, isOperator ? scopeOf(caller, user_id) : caller, given, once)
      const result = once === undefined || method.keeps_key ? await call() : await replies.once(once, call)
      return { ...(result !== undefined && { result }), instance }
    },
    'store.wait': ({ since, wait_ms }, { signal }) =>
      changes.wait(since, AbortSignal.any([signal, AbortSignal.timeout(wait_ms)])),
  }
}

/** Documents may be as deep as they are elsewhere; what is around them is a little more. */
function unpacked(args: readonly unknown[] | string): unknown {
  if (typeof args !== 'string') return args
  const list = parseJson(args)
  if (list !== undefined && !isDeeperThan(list, MOST_LEVELS + LEVELS_AROUND)) return list
  throw new StudioError('malformed', 'The arguments are not JSON, or nested too deeply.', 'Send a list of arguments.')
}

/** In the name of the one who did it at the other Greenroom. */
const scopeOf = ({ tenant_id, user_id }: Caller, given: string | undefined): TenantScope => ({
  tenant_id,
  user_id: given === undefined ? user_id : UserId.parse(given),
})

/** Of whoever asks: nobody learns by a key what another one has written. */
const keyOf = ({ tenant_id, user_id, key_id }: Caller, name: string, key: string): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify([tenant_id, user_id, key_id ?? '', name, key]))))

const tooMany = (): StudioError =>
  new StudioError('too_large', 'The arguments have too many values.', `Send at most ${MOST_VALUES} at once.`)

const noMethod = (name: string): StudioError =>
  new StudioError(
    'not_found',
    `The store has no method "${name}" for others.`,
    'Both Greenrooms may be of different versions: update the older one.',
  )
