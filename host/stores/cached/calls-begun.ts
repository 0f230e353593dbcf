import type { Logger } from 'pino'
import { StudioError } from '../../../core/contract/errors.ts'
import type { SessionId } from '../../../core/contract/ids.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import type { CallChange, CallStore, StoredSession } from '../../../core/store/calls.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import { isFailure } from './store-guard.ts'

type Begun = Readonly<{ scope: TenantScope; session: StoredSession }>

/** Calls that began while the store was away: they are written down when it is back, before anything of them is. */
export type CallsBegun = Readonly<{
  find: (scope: TenantScope, session_id: SessionId) => StoredSession | undefined
  /** The changes of a commit, or what stands for its reply while the store is away. */
  commit: (scope: TenantScope, changes: readonly CallChange[], commit: CallStore['commit']) => Promise<readonly SessionSummary[]>
  /** Writes what waits; nothing happens when nothing does. */
  catchUp: () => Promise<void>
  waiting: () => number
}>

/** More calls than a host has at once. */
const MOST = 1_000

export function createCallsBegun(calls: Pick<CallStore, 'find' | 'commit'>, log: Logger): CallsBegun {
  const begun = new Map<SessionId, Begun>()
  let writing: Promise<void> = Promise.resolve()

  async function write({ scope, session }: Begun): Promise<void> {
    const { session_id } = session
    try {
      await calls.commit(scope, [{ kind: 'session.create', session }])
    } catch (cause) {
      if (isFailure(cause)) throw cause
      // It may have been written by the try whose answer was lost.
      const isThere = await calls.find(scope, session_id)
      if (!isThere) log.error({ err: cause, session_id }, 'a call that began while the store was away could not be written down')
    }
    begun.delete(session_id)
  }
  async function writeAll(): Promise<void> {
    for (const one of [...begun.values()]) await write(one)
  }
  function catchUp(): Promise<void> {
    if (begun.size === 0) return Promise.resolve()
    writing = writing.then(writeAll, writeAll)
    return writing
  }

  return {
    find: ({ tenant_id }, session_id) => {
      const one = begun.get(session_id)
      return one?.scope.tenant_id === tenant_id ? one.session : undefined
    },
    commit: async (scope, changes, commit) => {
      if (changes.some((change) => 'session_id' in change && begun.has(change.session_id))) await catchUp()
      try {
        return await commit(scope, changes)
      } catch (cause) {
        const [first] = changes
        if (!isFailure(cause) || changes.length !== 1 || first?.kind !== 'session.create') throw cause
        if (begun.size >= MOST) throw tooMany(cause)
        begun.set(first.session.session_id, { scope, session: first.session })
        log.warn({ session_id: first.session.session_id }, 'a call begins while the store is away; it is written down later')
        const { input: _, lease: __, release: ___, ...summary } = first.session
        return [summary]
      }
    },
    catchUp,
    waiting: () => begun.size,
  }
}

const tooMany = (cause: unknown): StudioError =>
  new StudioError(
    'unavailable',
    'The store is away, and too many calls wait to be written down.',
    'Try again when it is back.',
    [],
    {
      cause,
    },
  )
