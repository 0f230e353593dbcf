import * as z from 'zod'
import { Millis, SessionId } from './ids.ts'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'

export const WebhookEvent = z.enum(['session.started', 'session.ended'])
export type WebhookEvent = z.infer<typeof WebhookEvent>

/** An address that is told what happened; each delivery is signed with its secret, which is shown once. */
export const Webhook = z.object({
  webhook_id: z.string(),
  url: z.string(),
  events: z.array(WebhookEvent),
  enabled: z.boolean(),
  created_at: Millis,
})
export type Webhook = Readonly<z.infer<typeof Webhook>>

export const Delivery = z.object({
  delivery_id: z.string(),
  webhook_id: z.string(),
  event: WebhookEvent,
  session_id: SessionId,
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  /** Of the last attempt. */
  status: z.int().optional(),
  error: z.string().optional(),
  next_at: Millis.optional(),
  created_at: Millis,
  delivered_at: Millis.optional(),
})
export type Delivery = Readonly<z.infer<typeof Delivery>>

const base = '/api/v1/webhooks' as const
const one = z.object({ webhook_id: z.string().min(1).max(64) })
const Url = z.url({ protocol: /^https?$/ }).max(2000)

export const webhookOperations = {
  'webhook.list': operation({
    kind: 'query',
    role: 'developer',
    summary: 'Webhooks of the tenant',
    rest: { method: 'GET', path: base },
    input: z.object({}),
    output: z.object({ webhooks: z.array(Webhook) }),
  }),
  'webhook.create': operation({
    kind: 'command',
    role: 'admin',
    audit: 'webhook',
    summary: 'Tell an address when sessions start or end; its signing secret is in this reply and nowhere else',
    rest: { method: 'POST', path: base, status: 201 },
    input: z.object({ url: Url, events: z.array(WebhookEvent).min(1).default(['session.ended']) }),
    output: z.object({ webhook: Webhook, secret: z.string() }),
  }),
  'webhook.update': operation({
    kind: 'command',
    role: 'admin',
    audit: 'webhook',
    idempotent: true,
    summary: 'Change a webhook',
    rest: { method: 'PUT', path: `${base}/:webhook_id` },
    input: one.extend({ url: Url.optional(), events: z.array(WebhookEvent).min(1).optional(), enabled: z.boolean().optional() }),
    output: Webhook,
  }),
  'webhook.delete': operation({
    kind: 'command',
    role: 'admin',
    audit: 'webhook',
    idempotent: true,
    summary: 'Remove a webhook with its deliveries',
    rest: { method: 'DELETE', path: `${base}/:webhook_id` },
    input: one,
    output: z.object({}),
  }),
  'webhook.deliveries': operation({
    kind: 'query',
    role: 'developer',
    summary: 'What was sent, newest first, and what became of it',
    rest: { method: 'GET', path: `${base}/:webhook_id/deliveries` },
    input: PageQuery.extend(one.shape),
    output: z.object({ deliveries: z.array(Delivery), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'webhook.redeliver': operation({
    kind: 'command',
    role: 'developer',
    audit: 'webhook',
    summary: 'Send a delivery again',
    rest: { method: 'POST', path: `${base}/:webhook_id/deliveries/:delivery_id` },
    input: one.extend({ delivery_id: z.string().min(1).max(64) }),
    output: Delivery,
  }),
} as const
