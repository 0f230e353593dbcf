import pg from 'pg'
import { StudioError } from '../../../core/contract/errors.ts'
import { callsMigration } from './migrations/0002-calls.ts'
import { callersMigration } from './migrations/0003-callers.ts'
import { tablesMigration } from './migrations/0001-tables.ts'
import { ACROSS_ROLE, APP_ROLE, rowSecurity } from './row-security.ts'

/** One step of the schema, run with `greenroom` as the search path. Numbered from 1 without gaps, never changed once shipped. */
export type PostgresMigration = Readonly<{ number: number; name: string; sql: string }>

const MIGRATIONS: readonly PostgresMigration[] = [tablesMigration, callsMigration, callersMigration]

/**
 * Brings the schema `greenroom` to its newest step, all in one transaction; of several instances that start at once the others wait, and find
 * it done. Where nothing is to be done nothing is needed but the right to take the two roles, so that a login which owns nothing will do.
 */
export async function migratePostgres(config: pg.ClientConfig): Promise<void> {
  // As long as it takes: a step may rewrite large tables, or wait for another instance that does.
  const client = new pg.Client({ ...config, query_timeout: 0 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    if ((await versionOf(client)) !== newest()) await bring(client)
    await requireRoles(client)
  } finally {
    await client.end()
  }
}

const newest = (): number => MIGRATIONS.at(-1)?.number ?? 0

async function bring(client: pg.Client): Promise<void> {
  await client.query("begin; select pg_advisory_xact_lock(hashtextextended('greenroom migration', 0))")
  try {
    const version = await versionOf(client)
    if (version > newest()) throw isNewer(version)
    if (version < newest()) await apply(client, version)
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    throw cause
  }
}

async function apply(client: pg.Client, version: number): Promise<void> {
  await requireUtf8(client)
  await client.query('create schema if not exists greenroom')
  for (const role of [APP_ROLE, ACROSS_ROLE]) await client.query(makeRole(role))
  await client.query("select set_config('search_path', 'greenroom', true)")
  await client.query(
    'create table if not exists migration (number integer primary key, name text not null, at timestamptz not null)',
  )
  for (const { number, name, sql } of MIGRATIONS.filter((step) => step.number > version)) {
    await client.query(sql)
    await client.query('insert into migration values ($1, $2, now())', [number, name])
  }
  await client.query(rowSecurity())
  // Which schema it is every login may know, before it takes a role.
  await client.query('grant usage on schema greenroom to public; grant select on migration to public')
}

/** Roles are the server's, not the database's: another database of it may have made them, at this very moment as well. */
const makeRole = (role: string): string => `
  do $$ begin
    create role ${role} nologin;
  exception when duplicate_object or unique_violation then null;
  end $$;
  do $$ begin
    if not exists (
      select 1 from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member
      where r.rolname = '${role}' and u.rolname = current_user and (to_jsonb(m) ->> 'set_option') is distinct from 'false'
    ) then
      grant ${role} to current_user;
    end if;
  end $$;
`

async function versionOf(client: pg.Client): Promise<number> {
  // Looked up as a row: what Postgres itself knows of names is as old as the transaction, if another instance made them meanwhile.
  const { rows } = await client.query(
    `select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'greenroom' and c.relname = 'migration'`,
  )
  if (rows.length === 0) return 0
  const found = await client.query<{ number: number }>('select coalesce(max(number), 0)::int as number from greenroom.migration')
  return found.rows[0]?.number ?? 0
}

async function requireUtf8(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>('show server_encoding')
  if (rows[0]?.server_encoding === 'UTF8') return
  throw new StudioError(
    'unsupported',
    `The database is encoded as ${rows[0]?.server_encoding ?? 'something else'}, and Greenroom needs UTF8.`,
    'Make another database with ENCODING UTF8.',
  )
}

async function requireRoles(client: pg.Client): Promise<void> {
  try {
    for (const role of [APP_ROLE, ACROSS_ROLE]) await client.query(`begin; set local role ${role}; rollback`)
  } catch (cause) {
    throw new StudioError(
      'unavailable',
      `Greenroom’s login may not take the roles ${APP_ROLE} and ${ACROSS_ROLE}.`,
      `As an admin of the database: GRANT ${APP_ROLE}, ${ACROSS_ROLE} TO the login that Greenroom uses.`,
      [],
      { cause },
    )
  }
}

const isNewer = (version: number): StudioError =>
  new StudioError(
    'unsupported',
    `The database was written by a newer Greenroom (schema ${version}, this one knows ${newest()}).`,
    'Start the newer Greenroom, or use another database.',
  )
