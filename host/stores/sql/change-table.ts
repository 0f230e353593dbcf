import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import type { Change } from '../../../core/store/store.ts'
import type { FeedEntry, TenantFeedEntry } from '../../../core/store/change-feed.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import { readCursor, writeCursor } from './cursor.ts'
import type { StudioDb } from './studio-schema.ts'
import type { Write } from './write.ts'

/** Databases take so many values in one statement. */
const ROWS_AT_ONCE = 1000

const FeedPlace = z.tuple([z.literal('feed'), z.int()])

/** Working copies, and when a key was last used, change too often and matter to nobody else. */
export const isTold = ({ kind }: Change): boolean => !/^(working_copy\.|key\.used$|keeper\.)/.test(kind)

/** In the same transaction as the change itself. */
export async function appendFeed({ db, scope, at }: Write, changes: readonly Change[]): Promise<void> {
  const { tenant_id } = scope
  const rows = changes.map((change) => ({ tenant_id, kind: change.kind, subject: subjectOf(change), at }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const some = rows.slice(from, from + ROWS_AT_ONCE)
    await db.insertInto('change').values(some).execute()
  }
}

export function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'setting.set':
      return 'settings'
    case 'price.set':
      return 'prices'
    case 'route.weights':
      return 'routing'
    case 'check.keep':
      return 'checks'
    case 'connection.save':
      return change.connection.connection_id
    case 'connection.delete':
      return change.connection_id
    case 'tenant.save':
      return change.tenant.tenant_id
    case 'user.save':
      return change.user.user_id
    case 'user.default_agent':
      return change.user_id
    case 'key.save':
      return change.key.key_id
    case 'key.used':
      return change.key_id
    case 'keeper.require':
      return change.role
    case 'secret.keep':
      return change.secret.name
    case 'secret.forget':
      return change.name
    case 'release.save':
      return change.release.release_id
    case 'webhook.save':
      return change.webhook.webhook_id
    case 'webhook.remove':
      return change.webhook_id
    default:
      return change.agent_id
  }
}

/** Without a token: from now on. */
export async function feedSince(
  db: StudioDb,
  tenant_id: string,
  token: string | undefined,
  limit: number,
): Promise<Readonly<{ entries: readonly FeedEntry[]; token: string }>> {
  const { entries, token: next } = await readFeed(db, token, limit, tenant_id)
  return { entries: entries.map(({ tenant_id: _, ...entry }) => entry), token: next }
}

/** `tenant_id` absent: of every tenant. */
export async function readFeed(
  db: StudioDb,
  token: string | undefined,
  limit: number,
  tenant_id?: string,
): Promise<Readonly<{ entries: readonly TenantFeedEntry[]; token: string }>> {
  if (token === undefined) return { entries: [], token: writeCursor(['feed', await newest(db)]) }
  const [, after] = readCursor(token, FeedPlace)
  let entries = db.selectFrom('change').selectAll().where('position', '>', after)
  if (tenant_id !== undefined) entries = entries.where('tenant_id', '=', tenant_id)
  const rows = await entries.orderBy('position').limit(limit).execute()
  if (rows.some(({ kind }) => kind === PRUNED)) throw isPast()
  return {
    entries: rows.map(({ position: _, ...row }) => ({ ...row, tenant_id: TenantId.parse(row.tenant_id) })),
    token: writeCursor(['feed', rows.at(-1)?.position ?? after]),
  }
}

/** Stands, of each tenant, in place of the newest entry that was pruned: whoever comes to it has missed something. */
export const PRUNED = 'feed.pruned'

export const isPast = (): StudioError =>
  new StudioError(
    'malformed',
    'What was committed since this token is not kept any more.',
    'Read everything anew, and go on without a token.',
  )

/** Of every tenant; resolves to how many entries went. */
export async function pruneFeed(db: StudioDb, before: number): Promise<number> {
  const newestOfEach = db
    .selectFrom('change')
    .select((eb) => eb.fn.max('position').as('position'))
    .where('at', '<', before)
    .groupBy('tenant_id')
  const marks = (await newestOfEach.execute()).map(({ position }) => position)
  for (let from = 0; from < marks.length; from += ROWS_AT_ONCE) {
    const some = marks.slice(from, from + ROWS_AT_ONCE)
    await db.updateTable('change').set({ kind: PRUNED, subject: '' }).where('position', 'in', some).execute()
  }
  const { numDeletedRows } = await db
    .deleteFrom('change')
    .where('at', '<', before)
    .where((eb) => eb.not(eb('position', 'in', newestOfEach)))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

async function newest(db: StudioDb): Promise<number> {
  const row = await db
    .selectFrom('change')
    .select((eb) => eb.fn.max('position').as('position'))
    .executeTakeFirst()
  return row?.position ?? 0
}
