import type { Store } from '../../../core/store/store.ts'
import { listAgents } from './agent-list.ts'
import { findIdOf, findSummary, listDeletedBefore, takenIds } from './agent-table.ts'
import { findRevision, listRevisions } from './revision-table.ts'
import { findServed } from './served-table.ts'
import type { StudioDb } from './studio-schema.ts'
import type { StudioStoreDeps } from './studio-store.ts'
import { findVersion, findVersionWithContent, listVersions, listVersionsWithContent } from './version-table.ts'
import { findWorkingCopy } from './working-copy-table.ts'

export function agentReads({ runner: { read }, dialect }: StudioStoreDeps): Pick<Store, 'agents' | 'versions'> {
  return {
    agents: {
      find: ({ tenant_id }, agent_id) => read(tenant_id, (db) => findAgent(db, tenant_id, agent_id)),
      findSummary: ({ tenant_id }, agent_id) => read(tenant_id, (db) => findSummary(db, tenant_id, agent_id)),
      findById: ({ tenant_id }, id) =>
        read(tenant_id, async (db) => {
          const agent_id = await findIdOf(db, tenant_id, id)
          return agent_id === undefined ? undefined : findAgent(db, tenant_id, agent_id)
        }),
      served: ({ tenant_id }, agent_id) => read(tenant_id, (db) => findServed(db, tenant_id, agent_id)),
      list: ({ tenant_id }, query) => read(tenant_id, (db) => listAgents(db, dialect, tenant_id, query)),
      findRevision: ({ tenant_id }, agent_id, revision) =>
        read(tenant_id, (db) => findRevision(db, tenant_id, agent_id, revision)),
      listRevisions: ({ tenant_id }, agent_id, page) => read(tenant_id, (db) => listRevisions(db, tenant_id, agent_id, page)),
      takenIds: ({ tenant_id }, prefix) => read(tenant_id, (db) => takenIds(db, tenant_id, prefix)),
      listDeletedBefore: ({ tenant_id }, before) => read(tenant_id, (db) => listDeletedBefore(db, tenant_id, before)),
    },
    versions: {
      list: ({ tenant_id }, agent_id) => read(tenant_id, (db) => listVersions(db, tenant_id, agent_id)),
      listWithContent: ({ tenant_id }, agent_id) => read(tenant_id, (db) => listVersionsWithContent(db, tenant_id, agent_id)),
      find: ({ tenant_id }, agent_id, version) => read(tenant_id, (db) => findVersion(db, tenant_id, agent_id, version)),
      findWithContent: ({ tenant_id }, agent_id, version) =>
        read(tenant_id, (db) => findVersionWithContent(db, tenant_id, agent_id, version)),
    },
  }
}

async function findAgent(db: StudioDb, tenant_id: string, agent_id: string) {
  const summary = await findSummary(db, tenant_id, agent_id)
  if (!summary) return undefined
  const head = await findRevision(db, tenant_id, agent_id, summary.revision)
  if (!head) throw new Error(`head (revision ${summary.revision}) of "${agent_id}" is missing`)
  const working_copy = summary.unsaved ? await findWorkingCopy(db, tenant_id, agent_id) : undefined
  return { summary, head, ...(working_copy && { working_copy }) }
}
