import * as z from 'zod'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'

/** The short view of an agent as two families of clients write and read it; reads give both sets of keys, and never a key's value. */
export const ShortAgent = z.record(z.string(), z.json())
/** UUID or name. */
const one = z.object({ id: z.string().min(1).max(200) })
const write = one.extend({ if_match: z.string().max(200).optional() })
const Answer = z.object({ agent: ShortAgent, etag: z.string() })
const base = '/api/agents' as const

/** The agents API: a short view of the same documents. */
export const shortOperations = {
  'short.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Agents in the short view',
    rest: { method: 'GET', path: base },
    input: PageQuery.extend({ q: z.string().max(200).optional(), enabled: z.boolean().optional() }),
    output: z.object({ agents: z.array(ShortAgent), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'short.create': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Create an agent from a short body of either family; an api_key goes into the secret store',
    rest: { method: 'POST', path: base, status: 201, body: 'agent', reply: 'agent' },
    input: z.object({ agent: ShortAgent }),
    output: Answer,
  }),
  'short.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'One agent in the short view, by UUID or name',
    rest: { method: 'GET', path: `${base}/:id`, reply: 'agent' },
    input: one,
    output: Answer,
  }),
  'short.current': operation({
    kind: 'query',
    role: 'viewer',
    summary: "The calling user's default agent",
    rest: { method: 'GET', path: `${base}/current`, reply: 'agent' },
    input: z.object({}),
    output: Answer,
  }),
  'short.update': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    summary: 'Change parts of an agent by a short body of either family',
    rest: { method: 'PUT', path: `${base}/:id`, body: 'agent', reply: 'agent' },
    input: write.extend({ agent: ShortAgent }),
    output: Answer,
  }),
  'short.delete': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: 'Disable an agent; purge (admin): remove it for ever',
    rest: { method: 'DELETE', path: `${base}/:id`, reply: 'agent' },
    input: write.extend({ purge: z.boolean().default(false) }),
    output: Answer.partial(),
  }),
  'short.set_default': operation({
    kind: 'command',
    role: 'developer',
    audit: 'agent',
    idempotent: true,
    summary: "Make an agent the calling user's only default",
    rest: { method: 'POST', path: `${base}/:id/set-default`, reply: 'agent' },
    input: one,
    output: Answer,
  }),
} as const
