import type { HandlersOf } from '../handler.ts'
import { unwritten } from '../unwritten.ts'

export const webhookHandlers = (): HandlersOf<
  'webhook.list' | 'webhook.create' | 'webhook.update' | 'webhook.delete' | 'webhook.deliveries' | 'webhook.redeliver'
> => ({
  'webhook.list': unwritten('webhook.list'),
  'webhook.create': unwritten('webhook.create'),
  'webhook.update': unwritten('webhook.update'),
  'webhook.delete': unwritten('webhook.delete'),
  'webhook.deliveries': unwritten('webhook.deliveries'),
  'webhook.redeliver': unwritten('webhook.redeliver'),
})
