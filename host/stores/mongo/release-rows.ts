import * as z from 'zod'
import { StudioError } from '../../../core/contract/errors.ts'
import { Release } from '../../../core/contract/releases.ts'
import { Webhook } from '../../../core/contract/webhooks.ts'
import type { ReleaseChange, ReleaseReads } from '../../../core/store/releases.ts'
import type { SecretChange, SecretReads } from '../../../core/store/sealed-secrets.ts'
import type { WebhookChange, WebhookReads } from '../../../core/store/webhooks.ts'
import { readCursor, writeCursor } from '../sql/cursor.ts'
import { keyOf } from './agent-tables.ts'
import { escaped } from './escaped.ts'
import { table } from './table.ts'
import type { TenantRows, Where } from './tenant-rows.ts'
import type { Write } from './write.ts'

const Place = z.tuple([z.number(), z.string()])
const Sealed = z.object({
  name: z.string(),
  sealed: z.string(),
  sealed_key: z.string(),
  key_id: z.string(),
  updated_at: z.number(),
})

const RELEASES = table('releases', Release, ({ release_id }) => [release_id])
const SECRETS = table('sealed_secrets', Sealed, ({ name }) => [name])
const WEBHOOKS = table('webhooks', Webhook.extend({ secret: z.string() }), ({ webhook_id }) => [webhook_id])

export const releaseReads = (rows: TenantRows): ReleaseReads => ({
  find: ({ tenant_id }, release_id) => rows.one(RELEASES, tenant_id, [release_id]),
  list: async ({ tenant_id }, { agent_id, limit, cursor }) => {
    const of: Where = agent_id === undefined ? {} : { agent_id: { $regex: `^${escaped(agent_id)}$`, $options: 'i' } }
    const [count, found] = await Promise.all([
      rows.count(RELEASES, tenant_id, of),
      rows.many(RELEASES, tenant_id, cursor === undefined ? of : { $and: [of, olderThan(cursor)] }, {
        sort: { created_at: -1, release_id: -1 },
        limit: limit + 1,
      }),
    ])
    const shown = found.slice(0, limit)
    const last = found.length > limit ? shown.at(-1) : undefined
    return { rows: shown, count, ...(last && { next_cursor: writeCursor([last.created_at, last.release_id]) }) }
  },
  rolling: ({ tenant_id }) => rows.many(RELEASES, tenant_id, { state: 'rolling' }, { sort: { agent_id: 1 } }),
})

function olderThan(cursor: string): Where {
  const [created_at, release_id] = readCursor(cursor, Place)
  return { $or: [{ created_at: { $lt: created_at } }, { created_at, release_id: { $lt: release_id } }] }
}

export const secretReads = (rows: TenantRows): SecretReads => ({
  list: ({ tenant_id }) => rows.many(SECRETS, tenant_id, {}, { sort: { name: 1 } }),
  find: ({ tenant_id }, name) => rows.one(SECRETS, tenant_id, [name]),
})

export const webhookReads = (rows: TenantRows): WebhookReads => ({
  list: ({ tenant_id }) => rows.many(WEBHOOKS, tenant_id, {}, { sort: { webhook_id: 1 } }),
})

export async function commitRelease({ unit, scope }: Write, { release, based_on }: ReleaseChange): Promise<void> {
  const { tenant_id } = scope
  const { agent_id, release_id } = release
  const isOther = (row: Release): boolean =>
    keyOf(row.agent_id) === keyOf(agent_id) && row.state === 'rolling' && row.release_id !== release_id
  const others = await unit.query(RELEASES, tenant_id, { state: 'rolling' }, isOther)
  if (release.state === 'rolling' && others.length > 0) {
    const message = `A release of "${agent_id}" is under way already.`
    throw new StudioError('conflict', message, 'Complete or stop it first.')
  }
  if (based_on !== undefined && (await unit.find(RELEASES, tenant_id, [release_id]))?.updated_at !== based_on) {
    throw new StudioError('conflict', `The release of "${agent_id}" was changed elsewhere.`, 'Look at it again, then decide.')
  }
  unit.put(RELEASES, tenant_id, release)
}

export function commitSecret({ unit, scope }: Write, change: SecretChange): void {
  if (change.kind === 'secret.keep') unit.put(SECRETS, scope.tenant_id, change.secret)
  else unit.remove(SECRETS, scope.tenant_id, [change.name])
}

export function commitWebhook({ unit, scope }: Write, change: WebhookChange): void {
  if (change.kind === 'webhook.save') unit.put(WEBHOOKS, scope.tenant_id, change.webhook)
  else unit.remove(WEBHOOKS, scope.tenant_id, [change.webhook_id])
}
