/**
 * What is known of a caller, out for ever. Threat: a row that stays behind (a call that goes on and is written to again, a delivery that is
 * still to be sent, a copy in the audit). So calls that go on are ended first, by whoever holds them, everything below a call goes with it in
 * one transaction, and the audit says that it was done without saying of whom: it cannot be removed from, so it has a hash of the id, by
 * which whoever knows the id can show it.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { StudioError } from '../../core/contract/errors.ts'
import type { StudioEvent } from '../../core/contract/events.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { CallStore } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { HandlersOf } from '../handler.ts'

export type ForgetCallerDeps = Readonly<{
  calls: Pick<CallStore, 'list' | 'removeEnded'>
  store: Pick<Store, 'commit'>
  /** Ends a call, on whichever host it is. Throws `unavailable` while that host does not answer. */
  stop: (scope: TenantScope, session_id: SessionId) => Promise<unknown>
  emit: (event: StudioEvent) => void
}>

const AT_ONCE = 200

export function forgetCallerHandlers({ calls, store, stop, emit }: ForgetCallerDeps): HandlersOf<'session.forget_caller'> {
  async function stopAll(scope: TenantScope, user_id: string): Promise<void> {
    const asked = new Set<SessionId>()
    for (;;) {
      const { rows } = await calls.list(scope, { user_id, state: 'active', limit: AT_ONCE })
      if (rows.length === 0) return
      if (rows.some(({ session_id }) => asked.has(session_id))) throw goesOn()
      for (const { session_id } of rows) {
        await stop(scope, session_id)
        asked.add(session_id)
      }
    }
  }
  async function removeAll(scope: TenantScope, user_id: string): Promise<number> {
    for (let removed = 0; ;) {
      const gone = await calls.removeEnded(scope, { user_id }, AT_ONCE)
      if (gone.length === 0) return removed
      removed += gone.length
      for (const session_id of gone) emit({ type: 'session.deleted', session_id, tenant_id: scope.tenant_id })
    }
  }
  return {
    'session.forget_caller': async ({ user_id }, { caller }) => {
      await stopAll(caller, user_id)
      const sessions = await removeAll(caller, user_id)
      const subject = `sha256:${hashOfCaller(caller, user_id)}`
      await store.commit(caller, [], { action: 'session.forget_caller', subject, detail: { sessions } })
      return { sessions }
    },
  }
}

const goesOn = (): StudioError =>
  new StudioError(
    'unavailable',
    'A call of this caller goes on, and whoever holds it does not end it.',
    'Nothing was removed. Try again in a few seconds.',
  )

/** With the tenant, so that the same person is not recognized in the audits of two. */
const hashOfCaller = ({ tenant_id }: TenantScope, user_id: string): string =>
  bytesToHex(sha256(utf8ToBytes(JSON.stringify([tenant_id, user_id]))))
