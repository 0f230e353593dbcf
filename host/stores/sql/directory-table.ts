import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import { ApiKey, Tenant, User } from '../../../core/contract/tenants.ts'
import { parseJson } from '../../../core/json.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { DirectoryChange, PageOf, StoredKey } from '../../../core/store/directory.ts'
import { requireAgent } from './agent-table.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { requireKeeper } from './keeper-rule.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import type { Write } from './write.ts'

const IdPlace = z.tuple([z.string()])
type UserRow = StudioSchema['tenant_user']
type KeyRow = StudioSchema['api_key']

export async function findTenant(db: StudioDb, tenant_id: string): Promise<Tenant | undefined> {
  const row = await db.selectFrom('tenant').select('body').where('tenant_id', '=', tenant_id).executeTakeFirst()
  return row && Tenant.parse(parseJson(row.body))
}

export async function listTenants(db: StudioDb, { limit, cursor }: PageOf): Promise<Paged<Tenant>> {
  const { count } = await db
    .selectFrom('tenant')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const after = cursor === undefined ? '' : readCursor(cursor, IdPlace)[0]
  const rows = await db
    .selectFrom('tenant')
    .selectAll()
    .where('tenant_id', '>', after)
    .orderBy('tenant_id')
    .limit(limit + 1)
    .execute()
  return pageOf(
    rows,
    limit,
    count,
    ({ tenant_id }) => tenant_id,
    ({ body }) => Tenant.parse(parseJson(body)),
  )
}

export async function findUser(db: StudioDb, tenant_id: string, user_id: string): Promise<User | undefined> {
  const row = await userOf(db, tenant_id, user_id).selectAll().executeTakeFirst()
  return row && readUser(row)
}

export async function listUsers(db: StudioDb, tenant_id: string, { limit, cursor }: PageOf): Promise<Paged<User>> {
  const users = db.selectFrom('tenant_user').where('tenant_id', '=', tenant_id)
  const { count } = await users.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const after = cursor === undefined ? '' : readCursor(cursor, IdPlace)[0]
  const rows = await users
    .selectAll()
    .where('user_id', '>', after)
    .orderBy('user_id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, count, ({ user_id }) => user_id, readUser)
}

export async function findKeyByHash(db: StudioDb, hash: string): Promise<StoredKey | undefined> {
  const row = await db.selectFrom('api_key').selectAll().where('hash', '=', hash).executeTakeFirst()
  return row && readKey(row)
}

export async function listKeys(db: StudioDb, tenant_id: string, { limit, cursor }: PageOf): Promise<Paged<StoredKey>> {
  const keys = db.selectFrom('api_key').where('tenant_id', '=', tenant_id)
  const { count } = await keys.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const after = cursor === undefined ? '' : readCursor(cursor, IdPlace)[0]
  const rows = await keys
    .selectAll()
    .where('key_id', '>', after)
    .orderBy('key_id')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, count, ({ key_id }) => key_id, readKey)
}

export function commitDirectoryChange(write: Write, change: DirectoryChange): Promise<void> {
  switch (change.kind) {
    case 'tenant.save':
      return saveTenant(write, change)
    case 'user.save':
      return saveUser(write, change)
    case 'key.save':
      return saveKey(write, change.key)
    case 'key.used':
      return keepUse(write, change)
    case 'user.default_agent':
      return setDefaultAgent(write, change)
    case 'keeper.require':
      return requireLeft(write, change)
  }
}

async function saveTenant({ db, scope }: Write, { tenant, is_new }: Extract<DirectoryChange, { kind: 'tenant.save' }>) {
  requireOwn(scope.tenant_id, tenant.tenant_id)
  const { tenant_id } = tenant
  if (is_new && (await findTenant(db, tenant_id))) throw taken('tenant', tenant_id)
  const body = JSON.stringify(tenant)
  await db
    .insertInto('tenant')
    .values({ tenant_id, body })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet({ body }))
    .execute()
}

/** The default agent is kept apart, so that a user who is saved as it was read does not undo a choice made meanwhile. */
async function saveUser({ db, scope }: Write, { user, is_new }: Extract<DirectoryChange, { kind: 'user.save' }>) {
  const { tenant_id } = scope
  const { default_agent_id: _, user_id, ...rest } = user
  if (is_new && (await findUser(db, tenant_id, user_id))) throw taken('user', user_id)
  const body = JSON.stringify({ user_id, ...rest })
  await db
    .insertInto('tenant_user')
    .values({ tenant_id, user_id, default_agent_id: null, body })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'user_id']).doUpdateSet({ body }))
    .execute()
}

async function saveKey({ db, scope }: Write, key: StoredKey): Promise<void> {
  requireOwn(scope.tenant_id, key.tenant_id)
  const { tenant_id, hash, last_used_at, ...rest } = key
  const other = await db
    .selectFrom('api_key')
    .select('key_id')
    .where('tenant_id', '=', tenant_id)
    .where('hash', '=', hash)
    .where('key_id', '<>', key.key_id)
    .executeTakeFirst()
  if (other) throw taken('key with this value', other.key_id)
  const row = { hash, body: JSON.stringify(rest) }
  await db
    .insertInto('api_key')
    .values({ ...row, tenant_id, key_id: key.key_id, last_used_at: last_used_at ?? null })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'key_id']).doUpdateSet(row))
    .execute()
}

async function keepUse({ db, scope }: Write, { key_id, at }: Extract<DirectoryChange, { kind: 'key.used' }>): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ last_used_at: at })
    .where('tenant_id', '=', scope.tenant_id)
    .where('key_id', '=', key_id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', at)]))
    .execute()
}

async function setDefaultAgent(write: Write, change: Extract<DirectoryChange, { kind: 'user.default_agent' }>): Promise<void> {
  const { db, scope } = write
  const agent = change.agent_id === null ? undefined : await requireAgent(db, scope.tenant_id, change.agent_id)
  const { numUpdatedRows } = await db
    .updateTable('tenant_user')
    .set({ default_agent_id: agent?.agent_id ?? null })
    .where('tenant_id', '=', scope.tenant_id)
    .where('user_id', '=', change.user_id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new StudioError('not_found', `There is no user "${change.user_id}".`, 'Create the user first.')
}

async function requireLeft({ db, scope: { tenant_id } }: Write, change: Extract<DirectoryChange, { kind: 'keeper.require' }>) {
  const users = await db.selectFrom('tenant_user').selectAll().where('tenant_id', '=', tenant_id).execute()
  const keys = change.of === 'user' ? [] : await db.selectFrom('api_key').selectAll().where('tenant_id', '=', tenant_id).execute()
  requireKeeper(change, users.map(readUser), keys.map(readKey))
}

const userOf = (db: StudioDb, tenant_id: string, user_id: string) =>
  db.selectFrom('tenant_user').where('tenant_id', '=', tenant_id).where('user_id', '=', user_id)

const readUser = ({ body, default_agent_id }: UserRow): User => {
  const user = User.parse(parseJson(body))
  return default_agent_id === null ? user : User.parse({ ...user, default_agent_id })
}

function readKey({ tenant_id, hash, last_used_at, body }: KeyRow): StoredKey {
  const key = ApiKey.parse(parseJson(body))
  return { ...key, ...(last_used_at !== null && { last_used_at }), tenant_id: TenantId.parse(tenant_id), hash }
}

function pageOf<Row, Shown>(
  rows: readonly Row[],
  limit: number,
  count: number,
  idOf: (row: Row) => string,
  show: (row: Row) => Shown,
): Paged<Shown> {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { rows: shown.map(show), count, ...(last && { next_cursor: writeCursor([idOf(last)]) }) }
}

function requireOwn(own: string, other: string): void {
  if (own === other) return
  throw new StudioError('forbidden', 'This belongs to another tenant.', 'Ask in the scope of the tenant that it belongs to.')
}

const taken = (what: string, id: string): StudioError =>
  new StudioError('conflict', `There is already a ${what}: "${id}".`, 'Choose another, or change the one that is there.')
