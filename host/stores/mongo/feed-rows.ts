import * as z from 'zod'
import { FeedEntry as Entry } from '../../../core/contract/audit.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import type { ChangeFeed, FeedEntry } from '../../../core/store/change-feed.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { SERVER, table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
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

export function feedReads(rows: TenantRows): Omit<ChangeFeed, 'watch'> {
  const newest = async (): Promise<number> => (await rows.one(POSITION, SERVER, ['changes']))?.position ?? 0
  return {
    since: async ({ tenant_id }, token, limit) => {
      if (token === undefined) return { entries: [], token: writeCursor(['feed', await newest()]) }
      const [, after] = readCursor(token, FeedPlace)
      const found = await rows.many(CHANGES, tenant_id, { position: { $gt: after } }, { sort: { position: 1 }, limit })
      return {
        entries: found.map(({ position: _, ...entry }) => entry),
        token: writeCursor(['feed', found.at(-1)?.position ?? after]),
      }
    },
    sinceAll: async (token, limit) => {
      if (token === undefined) return { entries: [], token: writeCursor(['feed', await newest()]) }
      const [, after] = readCursor(token, FeedPlace)
      const found = await rows.everywhere(CHANGES, { position: { $gt: after } }, { sort: { position: 1 }, limit })
      return {
        entries: found.map(({ tenant_id, row: { position: _, ...entry } }) => ({
          ...entry,
          tenant_id: TenantId.parse(tenant_id),
        })),
        token: writeCursor(['feed', found.at(-1)?.row.position ?? after]),
      }
    },
  }
}
