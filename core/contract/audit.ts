import * as z from 'zod'
import { DocumentJson } from './agents.ts'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

export const AuditRow = z.object({
  seq: z.int(),
  at: Millis,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: DocumentJson,
  previous_hash: z.string(),
  hash: z.string(),
})

export const FeedEntry = z.object({ kind: z.string(), subject: z.string(), at: Millis })

export const auditOperations = {
  'audit.list': operation({
    kind: 'query',
    role: 'admin',
    summary: 'Who changed what, oldest first, after a row',
    rest: { method: 'GET', path: '/api/v1/audit' },
    input: z.object({ after: z.int().min(0).default(0), limit: z.int().min(1).max(1000).default(100) }),
    output: z.object({ rows: z.array(AuditRow), more: z.boolean() }),
  }),
  'audit.verify': operation({
    kind: 'query',
    role: 'admin',
    summary: 'Whether every row still follows from the one before it',
    rest: { method: 'GET', path: '/api/v1/audit/verify' },
    input: z.object({}),
    /** `broken_at`: the first row that does not. */
    output: z.object({ intact: z.boolean(), rows: z.int(), last_hash: z.string().optional(), broken_at: z.int().optional() }),
  }),
  'change.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'What was committed since a token; without one, the token to begin with. `wait_ms`: answer when there is something',
    rest: { method: 'GET', path: '/api/v1/changes' },
    input: z.object({
      since: z.string().max(500).optional(),
      limit: z.int().min(1).max(1000).default(100),
      wait_ms: z.int().min(0).max(30_000).default(0),
    }),
    output: z.object({ entries: z.array(FeedEntry), token: z.string() }),
  }),
} as const
