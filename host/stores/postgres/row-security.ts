/*
 * Threat model. Every table holds the rows of all tenants, so that a query of ours with a forgotten `where tenant_id` would show or change
 * another customer's. The database is the second wall: whatever the query says, it finds the rows of the tenant that its transaction is for,
 * and no others.
 *
 * - Work runs as `greenroom_app`, a role that owns nothing, cannot log in, and is bound by row-level security, also where the login itself
 *   owns the tables or is a superuser: each transaction begins with `set local role` and the tenant in `greenroom.tenant`, in the statement
 *   that begins it. Without a tenant nothing is found, and nothing can be written.
 * - The few methods that are of every tenant (whose key is this, which leases ran out, which deliveries are due, the feed of all) run as
 *   `greenroom_across`, which may do what `ACROSS` lists and nothing else. Repositories reach it through `Runner.readAcross` and
 *   `writeAcross` alone.
 * - Nobody may change the journal or the audit: both roles can only add to them.
 *
 * Not walled off: somebody who can run SQL of their own as Greenroom's login, who may take either role. Nothing that comes from outside is
 * ever part of a statement's text, except the tenant in the beginning of a transaction, which is quoted there.
 */

type Rights = 'select' | 'insert' | 'update' | 'delete'
const ALL: readonly Rights[] = ['select', 'insert', 'update', 'delete']
const ADD_ONLY: readonly Rights[] = ['select', 'insert']

/** Every table, and what a tenant's own work may do in it. */
export const OWN: Readonly<Record<string, readonly Rights[]>> = {
  agent: ALL,
  agent_count: ALL,
  agent_revision: ['select', 'insert', 'delete'],
  working_copy: ALL,
  agent_version: ['select', 'insert', 'delete'],
  agent_label: ALL,
  setting: ALL,
  price: ALL,
  provider_check: ALL,
  connection: ALL,
  route_weights: ALL,
  tenant: ALL,
  tenant_user: ALL,
  api_key: ALL,
  sealed_secret: ALL,
  release: ALL,
  webhook: ALL,
  audit: ADD_ONLY,
  change: ADD_ONLY,
  session: ALL,
  journal: ADD_ONLY,
  turn: ['select', 'insert', 'update'],
  utterance: ADD_ONLY,
  webhook_delivery: ALL,
  session_place: ALL,
  minutes: ALL,
  session_minutes: ALL,
  request_window: ALL,
  session_command: ALL,
  commit_key: ['select', 'insert'],
  call_commit_key: ['select', 'insert'],
}

/** What work of every tenant may do. */
const ACROSS: Readonly<Record<string, readonly Rights[]>> = {
  tenant: ['select'],
  api_key: ['select'],
  change: ['select', 'update', 'delete'],
  session: ['select', 'delete'],
  webhook_delivery: ['select', 'update', 'delete'],
  session_place: ALL,
  minutes: ['select', 'delete'],
  session_minutes: ['select', 'delete'],
  request_window: ['select', 'delete'],
  commit_key: ['select', 'delete'],
  call_commit_key: ['select', 'delete'],
  session_command: ['select', 'delete'],
  utterance: ['select'],
}

export const APP_ROLE = 'greenroom_app'
export const ACROSS_ROLE = 'greenroom_across'

/** Closes every table, then opens to each role what it may do. Said again whenever tables are added; a table without a row here stays shut. */
export const rowSecurity = (): string =>
  [
    ...Object.entries(OWN).map(
      ([table, rights]) => `
        alter table greenroom."${table}" enable row level security;
        alter table greenroom."${table}" force row level security;
        drop policy if exists own on greenroom."${table}";
        create policy own on greenroom."${table}" to ${APP_ROLE}
          using (tenant_id = current_setting('greenroom.tenant')) with check (tenant_id = current_setting('greenroom.tenant'));
        grant ${rights.join(', ')} on greenroom."${table}" to ${APP_ROLE};`,
    ),
    ...Object.entries(ACROSS).map(
      ([table, rights]) => `
        drop policy if exists across on greenroom."${table}";
        create policy across on greenroom."${table}" to ${ACROSS_ROLE} using (true) with check (true);
        grant ${rights.join(', ')} on greenroom."${table}" to ${ACROSS_ROLE};`,
    ),
  ].join('\n')
