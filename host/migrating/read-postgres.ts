import { Client, escapeIdentifier } from 'pg'
import * as z from 'zod'
import { StudioError } from '../../core/contract/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { DocumentSource, SourceDocument } from './document-source.ts'

/** Where such documents usually are. */
const TABLES = ['agent_configurations', 'agent_configs', 'agents']
/** Columns that may hold the document, whole. */
const WHOLE = ['document', 'config', 'configuration', 'content', 'data', 'body', 'agent', 'agent_config']
const STRETCH = 200
const Row = z.record(z.string(), z.unknown())

/** Reads in one read-only transaction, so that it sees the table as it was at one moment. */
export async function readPostgres(url: string, table: string | undefined): Promise<DocumentSource> {
  const client = new Client({ connectionString: url, application_name: 'greenroom migrate', connectionTimeoutMillis: 5000 })
  try {
    await client.connect()
    await client.query('begin transaction isolation level repeatable read, read only')
    const name = await tableOf(client, table)
    const { rows } = await client.query<{ count: string }>(`select count(*) as count from ${name}`)
    await client.query(`declare migrating no scroll cursor for select * from ${name}`)
    return {
      count: Number(rows[0]?.count ?? 0),
      documents: documents(client, table ?? name.replaceAll('"', '')),
      close: () => client.end(),
    }
  } catch (cause) {
    await client.end()
    if (cause instanceof StudioError) throw cause
    const said = cause instanceof Error ? cause.message : 'unknown'
    throw new StudioError(
      'unavailable',
      `The documents cannot be read from Postgres: ${said}`,
      'Check the address and --table.',
      [],
      { cause },
    )
  }
}

/** As written, or the first of the usual ones that is there; quoted. */
async function tableOf(client: Client, asked: string | undefined): Promise<string> {
  const names = asked === undefined ? TABLES : [asked]
  for (const name of names) {
    const quoted = name.split('.').map(escapeIdentifier).join('.')
    const { rows } = await client.query<{ found: string | null }>('select to_regclass($1) as found', [quoted])
    if (rows[0]?.found) return quoted
  }
  throw new StudioError(
    'not_found',
    `There is no table ${names.map((name) => `"${name}"`).join(' or ')}.`,
    'Name it with --table.',
  )
}

async function* documents(client: Client, table: string): AsyncIterable<SourceDocument> {
  for (let number = 0; ;) {
    const { rows } = await client.query<unknown[]>(`fetch ${STRETCH} from migrating`)
    if (rows.length === 0) return
    for (const row of rows) {
      number += 1
      const columns = toJson(Row.parse(row))
      const id = columns['agent_id'] ?? columns['id'] ?? number
      yield { source: `${table}/${typeof id === 'object' ? number : id}`, document: documentIn(columns) }
    }
  }
}

/** Where one column holds the document, the others say what it is called and how it stands. */
function documentIn(columns: JsonObject): JsonObject {
  for (const name of WHOLE) {
    const value = columns[name]
    if (!isJsonObject(value)) continue
    const { [name]: _, ...beside } = columns
    const state = Object.fromEntries(Object.entries(beside).filter(([, one]) => one !== null && typeof one !== 'object'))
    return { ...state, ...value }
  }
  return columns
}

/** Dates and large numbers as JSON says them. */
function toJson(row: Readonly<Record<string, unknown>>): JsonObject {
  const parsed: unknown = JSON.parse(
    JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  )
  return isRow(parsed) ? parsed : {}
}

/** What JSON was made of is JSON. */
const isRow = (value: unknown): value is Readonly<Record<string, Json>> => isJsonObject(value)
