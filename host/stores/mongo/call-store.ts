import * as z from 'zod'
import { TenantId, type SessionId } from '../../../core/contract/ids.ts'
import type { CallStore } from '../../../core/store/calls.ts'
import { armStats } from './arm-stats.ts'
import { commitCalls } from './call-commit.ts'
import { words } from './call-projection.ts'
import { CALLS, COMMANDS, DELIVERIES, JOURNAL, toStored, toSummary, WORDS } from './call-tables.ts'
import type { Commit } from './committer.ts'
import { calledBy } from './call-tables.ts'
import { deliveryReads } from './delivery-reads.ts'
import type { DirectWrites } from './direct-writes.ts'
import { escaped } from './escaped.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { removeEnded, type ForgetLog } from './remove-ended.ts'
import type { RowOfTenant, TenantRows, Where } from './tenant-rows.ts'

const CallPlace = z.tuple([z.number(), z.string()])
const Group = z.object({ _id: z.string(), count: z.number() })
const PURGED_AT_ONCE = 500

export function createCallStore(rows: TenantRows, direct: DirectWrites, commit: Commit, forgetLog: ForgetLog): CallStore {
  return {
    find: async ({ tenant_id }, session_id) => {
      const call = await rows.one(CALLS, tenant_id, [session_id])
      return call && toStored(call)
    },

    list: async ({ tenant_id }, { q, agent_id, state, user_id, limit, cursor }) => {
      const matching: Where = {
        $and: [
          { deleted_at: null },
          ...(agent_id === undefined ? [] : [{ agent_id }]),
          ...(user_id === undefined ? [] : [calledBy(user_id)]),
          ...(state === undefined ? [] : [{ state: state === 'ended' ? 'ended' : { $ne: 'ended' } }]),
          ...(await Promise.all(asked(q).map((word) => matches(rows, tenant_id, word)))),
        ],
      }
      const page = cursor === undefined ? matching : { $and: [matching, olderThan(cursor)] }
      const [count, found] = await Promise.all([
        rows.count(CALLS, tenant_id, matching),
        rows.many(CALLS, tenant_id, page, { sort: { started_at: -1, session_id: -1 }, limit: limit + 1 }),
      ])
      const shown = found.slice(0, limit)
      const last = found.length > limit ? shown.at(-1) : undefined
      return {
        rows: shown.map(toSummary),
        count,
        ...(last && { next_cursor: writeCursor([last.started_at, last.session_id]) }),
      }
    },

    journal: async ({ tenant_id }, session_id, { attempt, seq }, limit) => {
      const after: Where = { $or: [{ attempt: { $gt: attempt } }, { attempt, seq: { $gt: seq } }] }
      const where = { $and: [{ session_id }, after] }
      const found = await rows.many(JOURNAL, tenant_id, where, { sort: { attempt: 1, seq: 1 }, limit: limit + 1 })
      return { events: found.slice(0, limit).map(({ event }) => event), more: found.length > limit }
    },

    listUnended: async () => (await rows.everywhere(CALLS, { state: { $ne: 'ended' } })).map(held),

    listExpired: async (now, limit) => {
      const expired: Where = { state: { $ne: 'ended' }, 'lease.lease_until': { $lt: now } }
      return (await rows.everywhere(CALLS, expired, { sort: { 'lease.lease_until': 1 }, limit })).map(held)
    },

    countActive: async ({ tenant_id }) => {
      const stages = [{ $match: { state: { $ne: 'ended' } } }, { $group: { _id: '$agent_id', count: { $sum: 1 } } }]
      const groups = (await rows.aggregate(CALLS, tenant_id, stages)).map((group) => Group.parse(group))
      return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]))
    },

    armStats: ({ tenant_id }, release_id, since) => armStats(rows, tenant_id, release_id, since),
    deliveries: deliveryReads(rows, direct),

    findLost: async ({ tenant_id }, { connection_id, room_name, ended_since }) => {
      const of: Where = { 'room.connection_id': connection_id, 'room.room_name': room_name, deleted_at: null }
      const [newest] = await rows.many(CALLS, tenant_id, of, { sort: { started_at: -1, session_id: -1 }, limit: 1 })
      const lost = newest?.end_reason === 'connection_lost' && (newest.ended_at ?? 0) >= ended_since
      return lost ? toStored(newest) : undefined
    },

    commit: (scope, changes, once) => commit((unit) => commitCalls({ unit, scope }, changes, once)),

    removeEnded: ({ tenant_id }, which, limit) => removeEnded({ rows, commit, forgetLog }, tenant_id, which, limit),

    purgeDeleted: async (before) => {
      for (let purged = 0; ;) {
        const gone = await rows.everywhere(CALLS, { deleted_at: { $lt: before } }, { limit: PURGED_AT_ONCE })
        if (gone.length === 0) return purged
        purged += await purge(
          direct,
          gone.map(({ row }) => row.session_id),
        )
      }
    },
  }
}

/** The call goes last, so that a purge that was cut short is done again. */
async function purge(direct: DirectWrites, session_ids: readonly SessionId[]): Promise<number> {
  const of: Where = { session_id: { $in: [...session_ids] } }
  await direct.removeEverywhere(JOURNAL, of)
  await direct.removeEverywhere(WORDS, of)
  await direct.removeEverywhere(COMMANDS, of)
  await direct.removeEverywhere(DELIVERIES, of)
  return direct.removeEverywhere(CALLS, of)
}

const held = ({ tenant_id, row }: RowOfTenant<Parameters<typeof toStored>[0]>) => ({
  scope: { tenant_id: TenantId.parse(tenant_id), user_id: row.user_id },
  session: toStored(row),
  last: { attempt: row.attempt, seq: row.last_seq },
})

const asked = (q = ''): readonly string[] => q.normalize('NFC').split(/\s+/).filter(Boolean)

/** A word begins a word that was said, or stands in the agent's name or id, or in the end reason. */
async function matches(rows: TenantRows, tenant_id: string, word: string): Promise<Where> {
  const like = { $regex: escaped(word), $options: 'i' }
  const named: Where[] = [{ agent_name: like }, { agent_id: like }, { end_reason: like }]
  const parts = words(word)
  if (parts.length === 0) return { $or: named }
  const said = { $and: parts.map((part) => ({ words: { $regex: `^${escaped(part)}` } })) }
  const found = await rows.aggregate(WORDS, tenant_id, [{ $match: said }, { $group: { _id: '$session_id', count: { $sum: 1 } } }])
  return { $or: [...named, { session_id: { $in: found.map((group) => Group.parse(group)._id) } }] }
}

function olderThan(cursor: string): Where {
  const [started_at, session_id] = readCursor(cursor, CallPlace)
  return { $or: [{ started_at: { $lt: started_at } }, { started_at, session_id: { $lt: session_id } }] }
}
