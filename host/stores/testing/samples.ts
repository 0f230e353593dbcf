import { v7 } from 'uuid'
import { AgentId, SessionId, TenantId, UserId } from '../../../core/contract/ids.ts'
import type { JournalBody, JournalEvent } from '../../../core/contract/session-events.ts'
import type { ApiKey, Tenant, User } from '../../../core/contract/tenants.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Paged } from '../../../core/store/agents.ts'
import type { StoredSession } from '../../../core/store/calls.ts'
import type { StoredKey } from '../../../core/store/directory.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change } from '../../../core/store/store.ts'
import type { StoredDelivery } from '../../../core/store/webhooks.ts'

/** A tenant that no other test knows. */
export const newScope = (user_id = 'ana'): TenantScope => ({
  tenant_id: TenantId.parse(`t-${v7()}`),
  user_id: UserId.parse(user_id),
})

export const AUDIT = { action: 'test', subject: 'x', detail: {} }
export const START = { attempt: 0, seq: 0 }
export const agentId = (text: string): AgentId => AgentId.parse(text)

export const create = (agent_id: string, content: DocumentJson = { name: agent_id }, owner_id?: string): Change => ({
  ...{ kind: 'agent.create', id: v7(), agent_id, content, note: '' },
  ...(owner_id !== undefined && { owner_id }),
})
export const revise = (agent_id: string, content: DocumentJson, based_on: number): Change => ({
  ...{ kind: 'agent.revise', agent_id, content, based_on, note: '' },
})
export const publish = (agent_id: string, version: string, revision: number): Change => ({
  ...{ kind: 'version.publish', agent_id, version, revision, name: '', note: '' },
})
export const label = (agent_id: string, name: string, version: string | null): Change => ({
  ...{ kind: 'label.set', agent_id, label: name, version },
})

export const newSession = (changes: Partial<StoredSession> = {}): StoredSession => ({
  session_id: SessionId.parse(v7()),
  kind: 'direct',
  modality: 'text',
  agent_id: AgentId.parse('ada'),
  agent_name: 'Ada',
  revision: 1,
  state: 'starting',
  attempt: 1,
  started_at: 1000,
  turn_count: 0,
  preview: '',
  input: { variables: { user: { name: 'Ana' } }, script: ['one'], seed: 7, what_if: { llm: 'gpt-4.1' } },
  ...changes,
})

export const event = (attempt: number, seq: number, body: JournalBody): JournalEvent => ({
  ...body,
  attempt,
  seq,
  at: 5000 + seq,
  at_ms: seq,
})
export const notice = (attempt: number, seq: number): JournalEvent =>
  event(attempt, seq, { type: 'notice', text: `${attempt}.${seq}`, level: 'info' })

export const newTenant = ({ tenant_id }: TenantScope, changes: Partial<Tenant> = {}): Tenant => ({
  tenant_id,
  name: 'Acme',
  enabled: true,
  isolation_level: 'shared',
  features: { removed_fields: ['mood'], tracing: true, tools: true, extensions: ['concierge'] },
  limits: { sessions: 3, minutes_per_month: null },
  private_addresses: false,
  retention_days: null,
  created_at: 1,
  ...changes,
})

export const newUser = (user_id: string, changes: Partial<User> = {}): User => ({
  user_id: UserId.parse(user_id),
  name: user_id,
  role: 'developer',
  enabled: true,
  created_at: 2,
  ...changes,
})

export const newKey = ({ tenant_id, user_id }: TenantScope, changes: Partial<ApiKey> = {}): StoredKey => ({
  key_id: v7(),
  name: 'A key',
  prefix: 'gr_abc',
  user_id,
  role: 'developer',
  limits: {},
  created_at: 3,
  tenant_id,
  hash: v7().replaceAll('-', '').repeat(2),
  ...changes,
})

export const newDelivery = (session_id: SessionId, changes: Partial<StoredDelivery> = {}): StoredDelivery => ({
  delivery_id: v7(),
  webhook_id: 'hook',
  event: 'session.ended',
  session_id,
  state: 'waiting',
  attempts: 0,
  next_at: 9e12,
  created_at: 50,
  body: { event: 'session.ended', text: 'as it was: 💡 "quoted"' },
  ...changes,
})

/** Every row of a list, a page at a time. */
export async function walk<Row>(list: (cursor: string | undefined) => Promise<Paged<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  for (let cursor: string | undefined, more = true; more;) {
    const page = await list(cursor)
    rows.push(...page.rows)
    cursor = page.next_cursor
    more = cursor !== undefined
  }
  return rows
}

/** How many of these came through, and the codes of those that did not. */
export async function outcomes(all: readonly Promise<unknown>[]): Promise<Readonly<{ done: number; codes: readonly string[] }>> {
  const settled = await Promise.allSettled(all)
  const refused = settled.filter((one) => one.status === 'rejected')
  return { done: settled.length - refused.length, codes: refused.map(({ reason }) => String(reason.code ?? reason)) }
}
