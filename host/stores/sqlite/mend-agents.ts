import type { Database } from 'better-sqlite3'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Selectable } from 'kysely'
import { v7 } from 'uuid'
import { agentColumns, areSound } from '../sql/agent-columns.ts'
import { isSound, readDocument } from '../sql/stored-document.ts'
import type { StudioSchema } from '../sql/studio-schema.ts'

type RevisionRow = Readonly<{
  tenant_id: string
  agent_id: string
  revision: number
  content: string
  content_hash: string
  created_at: number
}>
type AgentRow = Selectable<StudioSchema['agent']>
type Revision = RevisionRow & Readonly<{ document: DocumentJson }>

const TABLES_OF_DOCUMENTS = ['agent_revision', 'working_copy'] as const

/** The first text that is not the one that was saved. */
export function findChangedText(database: Database): string | undefined {
  for (const table of TABLES_OF_DOCUMENTS) {
    const rows = database.prepare<[], { agent_id: string; content: string; checksum: number }>(
      `select agent_id, content, checksum from ${table}`,
    )
    for (const row of rows.iterate()) if (!isSound(row)) return `a text of "${row.agent_id}" in ${table} is not what was saved`
  }
  for (const row of database.prepare<[], AgentRow>('select * from agent').iterate()) {
    if (!areSound(row)) return `what is shown of "${row.agent_id}" is not what was saved`
  }
  return undefined
}

/** Rows without a document have nothing to compare. */
export const acceptsDocument = ({ content, checksum }: Readonly<Record<string, unknown>>): boolean =>
  content === undefined || (typeof content === 'string' && typeof checksum === 'number' && isSound({ content, checksum }))

/** After a recovery: heads stand on revisions that are there and sound, and agents whose row was lost come back from their revisions. */
export function mendAgents(database: Database): readonly string[] {
  return database.transaction(() => {
    const said: string[] = []
    const newest = new Map<string, Revision>()
    for (const row of database.prepare<[], RevisionRow>('select * from agent_revision order by revision').all()) {
      newest.set(JSON.stringify([row.tenant_id, row.agent_id.toLowerCase()]), { ...row, document: readDocument(row) })
    }
    for (const revision of newest.values()) said.push(...standOn(database, revision))
    const headless = database.prepare(
      `delete from agent where not exists (
        select 1 from agent_revision r where r.tenant_id = agent.tenant_id and r.agent_id = agent.agent_id) returning agent_id`,
    )
    for (const row of headless.pluck().all())
      said.push(`The agent "${String(row)}" is lost: none of its revisions could be read.`)
    database.exec(COUNT_AGAIN)
    return said
  })()
}

const COUNT_AGAIN = `
  delete from agent_count;
  insert into agent_count select tenant_id, deleted_at is not null, count(*) from agent group by 1, 2;
`

function standOn(database: Database, { tenant_id, agent_id, revision, content_hash, created_at, document }: Revision): string[] {
  const head = database
    .prepare<[string, string], AgentRow>('select * from agent where tenant_id = ? and agent_id = ?')
    .get(tenant_id, agent_id)
  if (head?.revision === revision && head.content_hash === content_hash && areSound(head)) return []
  const row = { ...agentColumns(agent_id, document), tenant_id, agent_id, revision, content_hash }
  if (head) {
    const names = Object.keys(row).map((name) => `${name} = @${name}`)
    database.prepare(`update agent set ${names.join(', ')} where tenant_id = @tenant_id and agent_id = @agent_id`).run(row)
    return [`"${agent_id}" stands on revision ${revision} now.`]
  }
  const added = { ...row, id: v7(), created_at, updated_at: created_at }
  const names = Object.keys(added)
  database.prepare(`insert into agent (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`).run(added)
  return [`"${agent_id}" came back from its revision ${revision}.`]
}
