/*
 * Threat model: documents of other systems hold keys of providers in plain text. A key goes into the secret store and nowhere else; no
 * report, revision, audit row or log names its value, also not when the document is refused.
 */
import { v7 } from 'uuid'
import { contentHash } from '../../core/agent/content-hash.ts'
import { namedOnly } from '../../core/agent/whole/named-fields.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { StudioError, type Problem } from '../../core/contract/errors.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import type { Migrated } from '../../core/contract/migrating.ts'
import type { JsonObject } from '../../core/json.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Change, Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { foreignDraft, type ForeignDraft } from './foreign-draft.ts'
import { knownAs, MIGRATED_NOTE, type Known } from './known-agent.ts'
import { together } from './together.ts'

export type MigrateDeps = Readonly<{
  store: Store
  emit: Emit
  /** Where keys go; resolves to what is committed with the agent for it, if anything. */
  keepSecret: (scope: TenantScope, name: string, value: string) => Promise<readonly Change[]>
  resolveSecret: (scope: TenantScope, reference: string) => Promise<string | undefined>
}>

/** A document with what is to be done for it. */
type Planned = Readonly<{ report: Migrated; changes: readonly Change[]; keys: ForeignDraft['keys'] }>
type Source = Readonly<{ source: string; document: JsonObject }>

/** What clients of the API read as the version of an agent that has none. */
const FIRST_VERSION = '1.0.0'

export const migrateHandlers = (deps: MigrateDeps): HandlersOf<'migrate.run'> => ({
  'migrate.run': async ({ documents, dry_run }, { caller }) => {
    const scope = scopeOf(caller)
    const planned = await planAll(deps, scope, documents)
    if (dry_run) return { report: planned.map(({ report }) => report) }
    const report = await carryOut(deps, scope, planned)
    await announce(deps, scope, report)
    return { report: [...report] }
  },
})

const scopeOf = ({ tenant_id, user_id }: Caller): TenantScope => ({ tenant_id, user_id })

async function planAll(deps: MigrateDeps, scope: TenantScope, documents: readonly Source[]): Promise<readonly Planned[]> {
  const drafts = documents.map((one) => ({ one, first: foreignDraft(one.document) }))
  const present = await together(drafts, ({ first }) => knownAs(deps.store, scope, first.agent_id))
  let room = await roomFor(deps.store, scope)
  const seen = new Map<string, string>()
  const planned: Planned[] = []
  for (const [index, { one, first }] of drafts.entries()) {
    const plan = await planOne(deps, scope, one, { first, known: present[index], seen, hasRoom: room > 0 })
    if (plan.report.is_new) room -= 1
    planned.push(plan)
  }
  return planned
}

type Around = Readonly<{ first: ForeignDraft; known: Known | undefined; seen: Map<string, string>; hasRoom: boolean }>

async function planOne(
  deps: MigrateDeps,
  scope: TenantScope,
  one: Source,
  { first, known, seen, hasRoom }: Around,
): Promise<Planned> {
  const key = first.agent_id?.toLowerCase() ?? ''
  const draft = known && namesFields(one.document) ? await draftOf(deps.store, scope, one.document, known) : first
  const { agent_id } = draft
  if (agent_id === undefined || draft.problems.length > 0) return refused(one, draft, draft.problems)
  const twin = seen.get(key)
  if (twin !== undefined)
    return refused(one, draft, [{ path: '/agent_id', message: `"${twin}" is the agent "${agent_id}" already` }])
  seen.set(key, one.source)
  if (known?.summary.deleted_at !== undefined)
    return refused(one, draft, [{ path: '/agent_id', message: `the agent "${agent_id}" was deleted here; bring it back first` }])
  if (known) return planPresent(deps, scope, one, draft, known)
  if (!hasRoom) return refused(one, draft, [{ path: '', message: 'the tenant may have no more agents' }])
  return planned(one, draft, true, newAgent(agent_id, draft))
}

function newAgent(agent_id: AgentId, { content, state, owner_id }: ForeignDraft): readonly Change[] {
  const { version = FIRST_VERSION, enabled, is_default } = state
  const changed = { ...(enabled === false && { enabled }), ...(is_default === true && { is_default }) }
  return [
    { kind: 'agent.create', id: v7(), agent_id, content, note: MIGRATED_NOTE, ...(owner_id !== undefined && { owner_id }) },
    { kind: 'version.publish', agent_id, version, revision: 1, name: '', note: MIGRATED_NOTE },
    { kind: 'label.set', agent_id, label: 'production', version },
    ...(Object.keys(changed).length > 0 ? [{ kind: 'agent.state' as const, agent_id, ...changed }] : []),
  ]
}

const namesFields = (document: JsonObject): boolean => namedOnly(document).length > 0

/** Fields that are only named are those that the agent has now. */
async function draftOf(store: Store, scope: TenantScope, document: JsonObject, { summary }: Known): Promise<ForeignDraft> {
  const head = await store.agents.findRevision(scope, summary.agent_id, summary.revision)
  return foreignDraft(document, head?.content)
}

/** A document that is what it was at the last time changes nothing, whatever the agent has become here since then. */
async function planPresent(
  deps: MigrateDeps,
  scope: TenantScope,
  one: Source,
  draft: ForeignDraft,
  { summary, head_hash, migrated_hash }: Known,
): Promise<Planned> {
  const { agent_id } = summary
  const content = { ...draft.content, agent_id }
  const hash = contentHash(content)
  if (head_hash === hash || migrated_hash === hash) {
    const renewed = await changedKeys(deps, scope, draft)
    if (renewed.length === 0) return { report: report(one, draft, 'unchanged', false, []), changes: [], keys: [] }
    const words = renewed.map(({ name }) => `the key "${name}" is another one now`)
    return { report: report(one, draft, 'mended', false, words), changes: [], keys: renewed }
  }
  const { version, enabled, is_default } = draft.state
  const isNewVersion = version !== undefined && !(await deps.store.versions.find(scope, agent_id, version))
  const revision = summary.revision + 1
  const changed = {
    ...(enabled !== undefined && enabled !== summary.enabled && { enabled }),
    ...(is_default !== undefined && is_default !== summary.is_default && { is_default }),
  }
  return planned(one, draft, false, [
    { kind: 'agent.revise', agent_id, content, based_on: summary.revision, note: MIGRATED_NOTE },
    ...(isNewVersion
      ? [
          { kind: 'version.publish' as const, agent_id, version, revision, name: '', note: MIGRATED_NOTE },
          { kind: 'label.set' as const, agent_id, label: 'production', version },
        ]
      : [{ kind: 'agent.serve_head' as const, agent_id }]),
    ...(Object.keys(changed).length > 0 ? [{ kind: 'agent.state' as const, agent_id, ...changed }] : []),
  ])
}

async function changedKeys(deps: MigrateDeps, scope: TenantScope, { keys }: ForeignDraft): Promise<ForeignDraft['keys']> {
  const now = await Promise.all(keys.map(({ name }) => deps.resolveSecret(scope, `secret:${name}`)))
  return keys.filter(({ value }, index) => now[index] !== value)
}

const planned = (one: Source, draft: ForeignDraft, is_new: boolean, changes: readonly Change[]): Planned => ({
  report: report(one, draft, draft.mended.length > 0 ? 'mended' : 'taken', is_new, draft.mended),
  changes,
  keys: draft.keys,
})

const refused = (one: Source, draft: ForeignDraft, problems: readonly Problem[]): Planned => ({
  report: { ...report(one, draft, 'refused', false, []), problems: [...problems].slice(0, 20) },
  changes: [],
  keys: [],
})

const report = (
  { source }: Source,
  { agent_id }: ForeignDraft,
  outcome: Migrated['outcome'],
  is_new: boolean,
  mended: readonly string[],
): Migrated => ({ source, ...(agent_id !== undefined && { agent_id }), outcome, is_new, mended: [...mended], problems: [] })

/** All of them in one commit; where one of them cannot be, each by itself. */
async function carryOut(deps: MigrateDeps, scope: TenantScope, all: readonly Planned[]): Promise<readonly Migrated[]> {
  const doing = all.filter(({ changes, keys }) => changes.length > 0 || keys.length > 0)
  if (doing.length === 0) return all.map(({ report }) => report)
  try {
    await commitAll(deps, scope, doing)
    return all.map(({ report }) => report)
  } catch (cause) {
    if (!(cause instanceof StudioError) || cause.code === 'unavailable') throw cause
  }
  const reports: Migrated[] = []
  for (const one of all) reports.push(doing.includes(one) ? await commitOne(deps, scope, one) : one.report)
  return reports
}

async function commitOne(deps: MigrateDeps, scope: TenantScope, one: Planned): Promise<Migrated> {
  try {
    await commitAll(deps, scope, [one])
    return one.report
  } catch (cause) {
    if (!(cause instanceof StudioError) || cause.code === 'unavailable') throw cause
    const problems = cause.problems.length > 0 ? [...cause.problems] : [{ path: '', message: cause.message }]
    return { ...one.report, outcome: 'refused', is_new: false, mended: [], problems }
  }
}

async function commitAll({ store, keepSecret }: MigrateDeps, scope: TenantScope, doing: readonly Planned[]): Promise<void> {
  const secrets: Change[] = []
  for (const { name, value } of doing.flatMap(({ keys }) => keys)) secrets.push(...(await keepSecret(scope, name, value)))
  const agents = doing.flatMap(({ report: { agent_id } }) => agent_id ?? [])
  const [only] = agents
  const subject = agents.length === 1 && only !== undefined ? only : `${agents.length} agents`
  const changes = [...secrets, ...doing.flatMap((one) => one.changes)]
  await store.commit(scope, changes, { action: 'agent.migrate', subject, detail: { agents } })
}

/** How many more agents the tenant may have. */
async function roomFor(store: Store, scope: TenantScope): Promise<number> {
  const most = (await store.directory.tenant(scope.tenant_id))?.limits.agents ?? undefined
  if (most === undefined) return Number.POSITIVE_INFINITY
  return most - (await store.agents.list(scope, { deleted: false, limit: 1 })).count
}

async function announce({ store, emit }: MigrateDeps, scope: TenantScope, all: readonly Migrated[]): Promise<void> {
  const changed = all
    .filter(({ outcome }) => outcome === 'taken' || outcome === 'mended')
    .flatMap(({ agent_id }) => agent_id ?? [])
  const agents = await together(changed, (agent_id) => store.agents.findSummary(scope, agent_id))
  for (const agent of agents) if (agent) emit({ type: 'agent.changed', agent, tenant_id: scope.tenant_id })
}
