/**
 * What deliveries are signed with, as Standard Webhooks (standardwebhooks.com) says: HMAC-SHA256 over id, time and body, so that a receiver
 * knows who sent it, that nobody changed it, and that it is not an old one sent again. Threat: whoever has the secret can pretend to be us;
 * it is shown once, and lies sealed under a name that no document can refer to.
 */
import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

export const makeWebhookSecret = (): string => PREFIX + randomBytes(32).toString('base64')

/** Of the sealed secret that signs for a webhook; no name that a tenant can give has a colon. */
export const secretNameOf = (webhook_id: string): string => `webhook:${webhook_id}`

export type Signed = Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>>

/** The headers of a delivery. `at`: ms since the epoch. */
export function signDelivery(secret: string, { id, at, body }: Readonly<{ id: string; at: number; body: string }>): Signed {
  const timestamp = String(Math.floor(at / 1000))
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
