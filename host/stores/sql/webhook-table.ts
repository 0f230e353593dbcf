import * as z from 'zod'
import { Webhook } from '../../../core/contract/webhooks.ts'
import { parseJson } from '../../../core/json.ts'
import type { StoredWebhook, WebhookChange } from '../../../core/store/webhooks.ts'
import type { StudioDb } from './studio-schema.ts'
import type { Write } from './write.ts'

const Stored = Webhook.extend({ secret: z.string() })

export async function listWebhooks(db: StudioDb, tenant_id: string): Promise<readonly StoredWebhook[]> {
  const rows = await db.selectFrom('webhook').select('body').where('tenant_id', '=', tenant_id).orderBy('webhook_id').execute()
  return rows.map(({ body }) => Stored.parse(parseJson(body)))
}

export async function commitWebhookChange({ db, scope }: Write, change: WebhookChange): Promise<void> {
  const { tenant_id } = scope
  if (change.kind === 'webhook.remove') {
    await db.deleteFrom('webhook').where('tenant_id', '=', tenant_id).where('webhook_id', '=', change.webhook_id).execute()
    return
  }
  const { webhook_id } = change.webhook
  const body = JSON.stringify(change.webhook)
  await db
    .insertInto('webhook')
    .values({ tenant_id, webhook_id, body })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'webhook_id']).doUpdateSet({ body }))
    .execute()
}
