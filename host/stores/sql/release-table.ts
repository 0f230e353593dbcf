import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { Release } from '../../../core/contract/releases.ts'
import { parseJson } from '../../../core/json.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { PageOf } from '../../../core/store/directory.ts'
import type { ReleaseChange } from '../../../core/store/releases.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { StudioDb } from './studio-schema.ts'
import type { Write } from './write.ts'

const Place = z.tuple([z.number(), z.string()])

export async function findRelease(db: StudioDb, tenant_id: string, release_id: string): Promise<Release | undefined> {
  const row = await db
    .selectFrom('release')
    .select('body')
    .where('tenant_id', '=', tenant_id)
    .where('release_id', '=', release_id)
    .executeTakeFirst()
  return row && readRelease(row)
}

/** Newest first. */
export async function listReleases(
  db: StudioDb,
  tenant_id: string,
  { agent_id, limit, cursor }: PageOf & Readonly<{ agent_id?: string | undefined }>,
): Promise<Paged<Release>> {
  let all = db.selectFrom('release').where('tenant_id', '=', tenant_id)
  if (agent_id !== undefined) all = all.where('agent_id', '=', agent_id)
  const { count } = await all.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  let page = all.selectAll().orderBy('created_at', 'desc').orderBy('release_id', 'desc')
  if (cursor !== undefined) {
    const [created_at, release_id] = readCursor(cursor, Place)
    page = page.where((eb) => eb(eb.refTuple('created_at', 'release_id'), '<', eb.tuple(created_at, release_id)))
  }
  const rows = await page.limit(limit + 1).execute()
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { rows: shown.map(readRelease), count, ...(last && { next_cursor: writeCursor([last.created_at, last.release_id]) }) }
}

export async function listRolling(db: StudioDb, tenant_id: string): Promise<readonly Release[]> {
  const rows = await db
    .selectFrom('release')
    .select('body')
    .where('tenant_id', '=', tenant_id)
    .where('state', '=', 'rolling')
    .orderBy('agent_id')
    .execute()
  return rows.map(readRelease)
}

export async function saveRelease({ db, scope }: Write, { release, based_on }: ReleaseChange): Promise<void> {
  const { tenant_id } = scope
  const { release_id, agent_id, state, created_at } = release
  if (state === 'rolling') await requireNoOther(db, tenant_id, release)
  const row = { agent_id, state, created_at, body: JSON.stringify(release) }
  if (based_on !== undefined) return swapRelease(db, tenant_id, release, based_on)
  await db
    .insertInto('release')
    .values({ tenant_id, release_id, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'release_id']).doUpdateSet(row))
    .execute()
}

/** Whoever writes between the reading and the writing makes the row another one, which is then not found. */
async function swapRelease(db: StudioDb, tenant_id: string, release: Release, based_on: number): Promise<void> {
  const { release_id, agent_id, state } = release
  const mine = { tenant_id, release_id }
  const before = await db
    .selectFrom('release')
    .select('body')
    .where((eb) => eb.and(mine))
    .executeTakeFirst()
  if (before && readRelease(before).updated_at === based_on) {
    const { numUpdatedRows } = await db
      .updateTable('release')
      .set({ state, body: JSON.stringify(release) })
      .where((eb) => eb.and({ ...mine, body: before.body }))
      .executeTakeFirst()
    if (numUpdatedRows > 0) return
  }
  throw new StudioError('conflict', `The release of "${agent_id}" was changed elsewhere.`, 'Look at it again, then decide.')
}

async function requireNoOther(db: StudioDb, tenant_id: string, { release_id, agent_id }: Release): Promise<void> {
  const other = await db
    .selectFrom('release')
    .select('release_id')
    .where('tenant_id', '=', tenant_id)
    .where('agent_id', '=', agent_id)
    .where('state', '=', 'rolling')
    .where('release_id', '<>', release_id)
    .executeTakeFirst()
  if (!other) return
  const message = `A release of "${agent_id}" is under way already.`
  throw new StudioError('conflict', message, 'Complete or stop it first.')
}

const readRelease = ({ body }: Readonly<{ body: string }>): Release => Release.parse(parseJson(body))
