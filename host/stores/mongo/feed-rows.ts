import * as z from 'zod'
import { FeedEntry as Entry } from '../../../core/contract/audit.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import type { ChangeFeed, FeedEntry } from '../../../core/store/change-feed.ts'
import { isPast, PRUNED } from '../sql/change-table.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { SERVER, table } from './table.ts'
import type { DirectWrites } from './direct-writes.ts'
import type { TenantRows, Where } from './tenant-rows.ts'
import type { Write } from './write.ts'

const FeedPlace = z.tuple([z.literal('feed'), z.int()])

export const CHANGES = table('changes', Entry.extend({ position: z.int() }), ({ position }) => [position])

/** Every commit that is told writes to this one row, which puts them all in one order: nobody sees a later one before an earlier one. */
export const POSITION = table('counters', z.object({ position: z.int() }), () => ['changes'])

/** In the same commit as the change itself. */
export async function appendFeed(
  { unit, scope, at }: Write,
  { kind, subject }: Pick<FeedEntry, 'kind' | 'subject'>,
): Promise<void> {
  const position = ((await unit.find(POSITION, SERVER, ['changes']))?.position ?? 0) + 1
  unit.put(POSITION, SERVER, { position })
  unit.put(CHANGES, scope.tenant_id, { position, kind, subject, at })
}

export function feedReads(rows: TenantRows, direct: DirectWrites): Omit<ChangeFeed, 'watch'> {
  const newest = async (): Promise<number> => (await rows.one(POSITION, SERVER, ['changes']))?.position ?? 0
  return {
    since: async ({ tenant_id }, token, limit) => {
      if (token === undefined) return { entries: [], token: writeCursor(['feed', await newest()]) }
      const [, after] = readCursor(token, FeedPlace)
      const found = await rows.many(CHANGES, tenant_id, { position: { $gt: after } }, { sort: { position: 1 }, limit })
      if (found.some(({ kind }) => kind === PRUNED)) throw isPast()
      return {
        entries: found.map(({ position: _, ...entry }) => entry),
        token: writeCursor(['feed', found.at(-1)?.position ?? after]),
      }
    },
    sinceAll: async (token, limit) => {
      if (token === undefined) return { entries: [], token: writeCursor(['feed', await newest()]) }
      const [, after] = readCursor(token, FeedPlace)
      const found = await rows.everywhere(CHANGES, { position: { $gt: after } }, { sort: { position: 1 }, limit })
      if (found.some(({ row }) => row.kind === PRUNED)) throw isPast()
      return {
        entries: found.map(({ tenant_id, row: { position: _, ...entry } }) => ({
          ...entry,
          tenant_id: TenantId.parse(tenant_id),
        })),
        token: writeCursor(['feed', found.at(-1)?.row.position ?? after]),
      }
    },
    prune: async (before) => {
      // Marked before anything is removed, so that a token that came too late is told so, whenever this is cut short.
      const marks = await newestOfEach(rows, before)
      await direct.setEverywhere(CHANGES, { position: { $in: marks } }, { kind: PRUNED, subject: '' })
      return direct.removeEverywhere(CHANGES, { at: { $lt: before }, position: { $nin: marks } })
    },
  }
}

const PAGE = 1000

/** Positions of the newest entry of each tenant before a time. */
async function newestOfEach(rows: TenantRows, before: number): Promise<number[]> {
  const newest = new Map<string, number>()
  for (let last = 0; ;) {
    const old: Where = { at: { $lt: before }, position: { $gt: last } }
    const page = await rows.everywhere(CHANGES, old, { sort: { position: 1 }, limit: PAGE })
    for (const { tenant_id, row } of page) newest.set(tenant_id, (last = row.position))
    if (page.length < PAGE) return [...newest.values()]
  }
}
