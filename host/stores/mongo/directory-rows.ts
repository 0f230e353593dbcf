import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { TenantId } from '../../../core/contract/ids.ts'
import { ApiKey, Tenant, User } from '../../../core/contract/tenants.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { DirectoryChange, DirectoryReads, PageOf, StoredKey } from '../../../core/store/directory.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { requireKeeper } from '../sql/keeper-rule.ts'
import { requireHead } from './agent-head.ts'
import { table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Write } from './write.ts'

type Change<Kind extends DirectoryChange['kind']> = Extract<DirectoryChange, { kind: Kind }>
const IdPlace = z.tuple([z.string()])

export const TENANTS = table('tenants', Tenant, ({ tenant_id }) => [tenant_id])
export const USERS = table('users', User, ({ user_id }) => [user_id])
export const KEYS = table('api_keys', ApiKey.extend({ tenant_id: TenantId, hash: z.string() }), ({ key_id }) => [key_id])

export function directoryReads(rows: TenantRows): DirectoryReads {
  return {
    tenant: (tenant_id) => rows.one(TENANTS, tenant_id, [tenant_id]),
    keyByHash: async (hash) => (await rows.everywhere(KEYS, { hash }, { limit: 1 }))[0]?.row,
    tenants: async ({ limit, cursor }) => {
      const after = cursor === undefined ? '' : readCursor(cursor, IdPlace)[0]
      const [count, found] = await Promise.all([
        rows.countEverywhere(TENANTS, {}),
        rows.everywhere(TENANTS, { tenant_id: { $gt: after } }, { sort: { tenant_id: 1 }, limit: limit + 1 }),
      ])
      return pageOf(
        found.map(({ row }) => row),
        limit,
        count,
        ({ tenant_id }) => tenant_id,
      )
    },
    user: ({ tenant_id }, user_id) => rows.one(USERS, tenant_id, [user_id]),
    users: async ({ tenant_id }, page) => {
      const [count, found] = await Promise.all([
        rows.count(USERS, tenant_id, {}),
        rows.many(USERS, tenant_id, { user_id: { $gt: placeOf(page) } }, { sort: { user_id: 1 }, limit: page.limit + 1 }),
      ])
      return pageOf(found, page.limit, count, ({ user_id }) => user_id)
    },
    keys: async ({ tenant_id }, page) => {
      const [count, found] = await Promise.all([
        rows.count(KEYS, tenant_id, {}),
        rows.many(KEYS, tenant_id, { key_id: { $gt: placeOf(page) } }, { sort: { key_id: 1 }, limit: page.limit + 1 }),
      ])
      return pageOf(found, page.limit, count, ({ key_id }) => key_id)
    },
  }
}

const placeOf = ({ cursor }: PageOf): string => (cursor === undefined ? '' : readCursor(cursor, IdPlace)[0])

function pageOf<Row>(found: readonly Row[], limit: number, count: number, idOf: (row: Row) => string): Paged<Row> {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { rows, count, ...(last && { next_cursor: writeCursor([idOf(last)]) }) }
}

export async function commitDirectoryChange(write: Write, change: DirectoryChange): Promise<void> {
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

async function saveTenant({ unit, scope }: Write, { tenant, is_new }: Change<'tenant.save'>): Promise<void> {
  const { tenant_id } = tenant
  requireOwn(scope.tenant_id, tenant_id)
  if (is_new && (await unit.find(TENANTS, tenant_id, [tenant_id]))) throw taken('tenant', tenant_id)
  unit.put(TENANTS, tenant_id, tenant)
}

/** The default agent is kept as it is, so that a user who is saved as it was read does not undo a choice made meanwhile. */
async function saveUser({ unit, scope }: Write, { user, is_new }: Change<'user.save'>): Promise<void> {
  const { default_agent_id: _, ...rest } = user
  const before = await unit.find(USERS, scope.tenant_id, [user.user_id])
  if (is_new && before) throw taken('user', user.user_id)
  unit.put(USERS, scope.tenant_id, { ...rest, default_agent_id: before?.default_agent_id })
}

async function saveKey({ unit, scope }: Write, key: StoredKey): Promise<void> {
  const { tenant_id } = scope
  requireOwn(tenant_id, key.tenant_id)
  const { hash, key_id } = key
  const isOther = (row: StoredKey): boolean => row.hash === hash && (row.key_id !== key_id || row.tenant_id !== tenant_id)
  // Of any tenant: who shows a key is found by it before there is a tenant.
  const [other] = await unit.queryEverywhere(KEYS, { hash }, isOther)
  if (other) throw taken('key with this value', key_id)
  const before = await unit.find(KEYS, tenant_id, [key_id])
  unit.put(KEYS, tenant_id, { ...key, last_used_at: before ? before.last_used_at : key.last_used_at })
}

async function keepUse({ unit, scope }: Write, { key_id, at }: Change<'key.used'>): Promise<void> {
  const key = await unit.find(KEYS, scope.tenant_id, [key_id])
  if (key && (key.last_used_at ?? 0) < at) unit.put(KEYS, scope.tenant_id, { ...key, last_used_at: at })
}

async function setDefaultAgent(write: Write, { user_id, agent_id }: Change<'user.default_agent'>): Promise<void> {
  const { unit, scope } = write
  const agent = agent_id === null ? undefined : await requireHead(write, agent_id)
  const user = await unit.find(USERS, scope.tenant_id, [user_id])
  if (!user) throw new StudioError('not_found', `There is no user "${user_id}".`, 'Create the user first.')
  unit.put(USERS, scope.tenant_id, { ...user, default_agent_id: agent?.agent_id })
}

async function requireLeft({ unit, scope: { tenant_id } }: Write, change: Change<'keeper.require'>): Promise<void> {
  const users = await unit.query(USERS, tenant_id, {}, () => true)
  requireKeeper(change, users, change.of === 'user' ? [] : await unit.query(KEYS, tenant_id, {}, () => true))
}

/** Nobody's default any more. */
export async function forgetDefault({ unit, scope }: Write, agent_id: string): Promise<void> {
  const isIts = (user: User): boolean => user.default_agent_id === agent_id
  for (const user of await unit.query(USERS, scope.tenant_id, { default_agent_id: agent_id }, isIts)) {
    unit.put(USERS, scope.tenant_id, { ...user, default_agent_id: undefined })
  }
}

function requireOwn(own: string, other: string): void {
  if (own === other) return
  throw new StudioError('forbidden', 'This belongs to another tenant.', 'Ask in the scope of the tenant that it belongs to.')
}

const taken = (what: string, id: string): StudioError =>
  new StudioError('conflict', `There is already a ${what}: "${id}".`, 'Choose another, or change the one that is there.')
