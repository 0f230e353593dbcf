import * as z from 'zod'
import { Role } from './caller.ts'
import { AgentId, Millis, TenantId, UserId } from './ids.ts'
import { operation } from './operation.ts'
import { PageQuery } from './page.ts'

/** What a tenant, or a key of it, may use; null or absent: no limit of its own. */
export const Limits = z.object({
  /** Calls at once. */
  sessions: z.int().min(0).max(1_000_000).nullable().optional(),
  /** Minutes of calls in a calendar month (UTC). */
  minutes_per_month: z.int().min(0).max(1_000_000_000).nullable().optional(),
  requests_per_minute: z.int().min(1).max(10_000_000).nullable().optional(),
  agents: z.int().min(0).max(10_000_000).nullable().optional(),
})
export type Limits = Readonly<z.infer<typeof Limits>>

/** What a tenant's tier leaves out. */
export const Features = z.object({
  /** Output fields that are taken out of every agent of the tenant. */
  removed_fields: z.array(z.string().min(1).max(40)).max(100).default([]),
  tracing: z.boolean().default(true),
  tools: z.boolean().default(true),
  /** Agent types of extensions that its agents may have; null: all. Agents of another one run as `custom`. */
  extensions: z.array(z.string().min(1).max(64)).max(100).nullable().default(null),
})
export type Features = Readonly<z.infer<typeof Features>>

export const Tenant = z.object({
  tenant_id: TenantId,
  name: z.string(),
  enabled: z.boolean(),
  /** `organization`: its sessions have processes of their own. */
  isolation_level: z.enum(['shared', 'organization']),
  features: Features,
  limits: Limits,
  /** An admin of the server allows addresses inside the network to webhooks, tools and providers of this tenant. */
  private_addresses: z.boolean(),
  /** Its calls are removed so many days after their end; 0: never, null: as the server does it. */
  retention_days: z.int().min(0).max(36_500).nullable().default(null),
  created_at: Millis,
})
export type Tenant = Readonly<z.infer<typeof Tenant>>

export const User = z.object({
  user_id: UserId,
  name: z.string(),
  email: z.string().optional(),
  role: Role,
  enabled: z.boolean(),
  /** Of this user alone. */
  default_agent_id: AgentId.optional(),
  created_at: Millis,
})
export type User = Readonly<z.infer<typeof User>>

/** A key as it is shown after its making: never the value again. */
export const ApiKey = z.object({
  key_id: z.string(),
  name: z.string(),
  /** First characters of the value, to tell keys apart. */
  prefix: z.string(),
  user_id: UserId,
  role: Role,
  limits: Limits,
  created_at: Millis,
  expires_at: Millis.optional(),
  revoked_at: Millis.optional(),
  last_used_at: Millis.optional(),
})
export type ApiKey = Readonly<z.infer<typeof ApiKey>>

export const Usage = z.object({
  /** Calls that go on now. */
  sessions: z.int(),
  /** Of this calendar month (UTC), as `2026-11`. */
  month: z.string(),
  minutes: z.number(),
  agents: z.int(),
})

/**
 * Of a new tenant. Rooms begin with it and a hyphen, so that no name of a tenant may begin with another one's and a hyphen: either there is
 * none in it, or it is a UUID.
 */
const NewTenantId = TenantId.refine(
  (id) => /^[a-z][a-z0-9_]{0,63}$/.test(id) || /^0[0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
  'must be 1-64 lower-case letters, digits or "_", starting with a letter (or a UUIDv7)',
)
/** Of a new user. What ends in `@default` is an operator who acts in another tenant. */
const NewUserId = UserId.refine(
  (id) => /^[A-Za-z0-9][A-Za-z0-9._@|:+-]{0,127}$/.test(id) && !id.endsWith('@default'),
  'must be 1-128 letters, digits or any of "._@|:+-", starting with a letter or digit, and not end in "@default"',
)

const tenant = z.object({ tenant_id: TenantId })
const TenantDraft = z.object({
  name: z.string().trim().min(1).max(200).optional(),
  enabled: z.boolean().optional(),
  isolation_level: Tenant.shape.isolation_level.optional(),
  features: z
    .object({
      removed_fields: Features.shape.removed_fields.unwrap().optional(),
      tracing: z.boolean().optional(),
      tools: z.boolean().optional(),
      extensions: Features.shape.extensions.unwrap().optional(),
    })
    .optional(),
  limits: Limits.optional(),
  private_addresses: z.boolean().optional(),
  retention_days: Tenant.shape.retention_days.unwrap().optional(),
})
const UserDraft = z.object({
  name: z.string().trim().min(1).max(200),
  email: z.email().optional(),
  role: Role.default('developer'),
})

export const tenantOperations = {
  'tenant.list': operation({
    kind: 'query',
    role: 'operator',
    summary: 'Tenants',
    rest: { method: 'GET', path: '/api/v1/tenants' },
    input: PageQuery,
    output: z.object({ tenants: z.array(Tenant), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'tenant.create': operation({
    kind: 'command',
    role: 'operator',
    audit: 'access',
    summary: 'Create a tenant; the reply has the first admin key of it, shown once',
    rest: { method: 'POST', path: '/api/v1/tenants', status: 201 },
    input: TenantDraft.extend({ tenant_id: NewTenantId.optional(), name: z.string().trim().min(1).max(200) }),
    output: z.object({ tenant: Tenant, key: ApiKey, value: z.string() }),
  }),
  'tenant.get': operation({
    kind: 'query',
    role: 'operator',
    summary: 'One tenant',
    rest: { method: 'GET', path: '/api/v1/tenants/:tenant_id' },
    input: tenant,
    output: Tenant,
  }),
  'tenant.update': operation({
    kind: 'command',
    role: 'operator',
    audit: 'access',
    idempotent: true,
    summary: 'Change a tenant; disabled, its keys and calls are refused',
    rest: { method: 'PUT', path: '/api/v1/tenants/:tenant_id' },
    input: TenantDraft.extend({ tenant_id: TenantId }),
    output: Tenant,
  }),
  'user.list': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Users of the tenant',
    rest: [
      { method: 'GET', path: '/api/v1/users' },
      { method: 'GET', path: '/api/users' },
    ],
    input: PageQuery,
    output: z.object({ users: z.array(User), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'user.create': operation({
    kind: 'command',
    role: 'admin',
    audit: 'access',
    summary: 'Create a user of the tenant',
    rest: [
      { method: 'POST', path: '/api/v1/users', status: 201 },
      { method: 'POST', path: '/api/users', status: 201 },
    ],
    input: UserDraft.extend({ user_id: NewUserId.optional() }),
    output: User,
  }),
  'user.update': operation({
    kind: 'command',
    role: 'admin',
    audit: 'access',
    idempotent: true,
    summary: 'Change a user; disabled, its keys are refused',
    rest: { method: 'PUT', path: '/api/v1/users/:user_id' },
    input: z.object({
      user_id: UserId,
      name: UserDraft.shape.name.optional(),
      email: UserDraft.shape.email,
      role: Role.optional(),
      enabled: z.boolean().optional(),
    }),
    output: User,
  }),
  'key.list': operation({
    kind: 'query',
    role: 'admin',
    summary: 'API keys of the tenant, without their values',
    rest: { method: 'GET', path: '/api/v1/keys' },
    input: PageQuery,
    output: z.object({ keys: z.array(ApiKey), count: z.int(), next_cursor: z.string().optional() }),
  }),
  'key.create': operation({
    kind: 'command',
    role: 'admin',
    audit: 'access',
    summary: 'Create an API key; its value is in this reply and nowhere else',
    rest: { method: 'POST', path: '/api/v1/keys', status: 201 },
    /** No role above the caller's own. */
    input: z.object({
      name: z.string().trim().min(1).max(200),
      role: Role.default('developer'),
      user_id: UserId.optional(),
      expires_at: Millis.optional(),
      limits: Limits.optional(),
    }),
    output: z.object({ key: ApiKey, value: z.string() }),
  }),
  'key.revoke': operation({
    kind: 'command',
    role: 'admin',
    audit: 'access',
    idempotent: true,
    summary: 'Revoke an API key; it is refused at once, on every instance',
    rest: { method: 'DELETE', path: '/api/v1/keys/:key_id' },
    input: z.object({ key_id: z.string().min(1).max(64) }),
    output: ApiKey,
  }),
  'quota.get': operation({
    kind: 'query',
    role: 'viewer',
    summary: 'Limits of the tenant, and what is used of them',
    rest: { method: 'GET', path: '/api/v1/quotas' },
    input: z.object({}),
    output: z.object({ limits: Limits, usage: Usage }),
  }),
  'quota.set': operation({
    kind: 'command',
    role: 'operator',
    audit: 'access',
    idempotent: true,
    summary: 'Change limits of a tenant (absent: the own one); keys not named stay, null lifts',
    rest: { method: 'PUT', path: '/api/v1/quotas' },
    input: Limits.extend({ tenant_id: TenantId.optional() }),
    output: z.object({ limits: Limits, usage: Usage }),
  }),
} as const

/** What a tenant may use, or whether it may do anything at all, is another; calls that run follow it from their next turn. */
export const TenantEvent = z.discriminatedUnion('type', [z.object({ type: z.literal('tenant.changed'), tenant_id: TenantId })])
