import * as z from 'zod'
import { operation } from './operation.ts'

/**
 * The store of this Greenroom for another one (`--store https://…`): a method of the ports in core/store, by name and arguments. The scope is
 * the credential's, whatever the arguments say; an operator's may name another tenant by its header, and the user.
 */
export const storeOperations = {
  'store.call': operation({
    kind: 'command',
    role: 'admin',
    summary: 'Call a method of the store, for another Greenroom that keeps its agents and calls here',
    rest: { method: 'POST', path: '/api/v1/store/:method' },
    input: z.object({
      method: z.string().min(1).max(100),
      /** A list, or the same as JSON text, in which every text can stand that a document may have. */
      args: z.union([z.array(z.unknown()).max(10), z.string()]).default([]),
      /** For an operator: who does it. */
      user_id: z.string().min(1).max(128).optional(),
      /** Of a write: asked again under the same key it does not happen twice, and answers what it answered. */
      key: z.string().min(8).max(100).optional(),
    }),
    /** `instance`: which one answered. */
    output: z.object({ result: z.unknown().optional(), instance: z.string() }),
  }),
  'store.wait': operation({
    kind: 'query',
    role: 'operator',
    summary: 'Answer when something was committed, or asked of sessions, since the last answer; or after a while',
    rest: { method: 'POST', path: '/api/v1/store-changes' },
    input: z.object({
      /** Of the last answer; absent: from now on. */
      since: z.object({ token: z.string().max(500), instance: z.string().max(100), commands: z.int().min(0) }).optional(),
      wait_ms: z.int().min(0).max(30_000).default(25_000),
    }),
    output: z.object({ token: z.string(), instance: z.string(), commands: z.int(), changed: z.boolean(), asked: z.boolean() }),
  }),
} as const
