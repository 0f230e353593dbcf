import fastify from 'fastify'
import { pino } from 'pino'
import { mergeDocument } from '../../core/agent/merge-document.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { DEFAULT_TENANT, DEFAULT_USER } from '../../core/contract/caller.ts'
import { isJsonObject, parseJson, type JsonObject } from '../../core/json.ts'
import { documentSchemas } from '../../host/http/api/openapi-documents.ts'
import { openSqliteStores } from '../../host/stores/sqlite/open-sqlite-stores.ts'

const scope = { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER }

/**
 * What P10 is measured against: fastify with the same schemas for what comes in and goes out, and a key that is compared. Reads come from a
 * map in memory; a write is the same durable change (a revision that is served, its audit row, its feed entries), and nothing else: no
 * tenants, roles, limits, rules of agents, conditions, or answer that is read back.
 */
export async function startBareServer(dir: string, key: string, documents: ReadonlyMap<string, JsonObject>) {
  const { store, close } = await openSqliteStores(dir, { clock: Date.now, log: pino({ level: 'silent' }) })
  const kept = new Map([...documents].map(([agent_id, document]) => [agent_id, { document, revision: 1 }]))
  for (const [agent_id, { document }] of kept) {
    const content = DocumentJson.parse(document)
    await store.commit(scope, [{ kind: 'agent.create', id: agent_id, agent_id, content, note: '' }], null)
  }
  const app = fastify({ logger: false })
  const { Agent, AgentPatch } = documentSchemas()
  const params = { type: 'object', properties: { agent_id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' } } }
  app.addHook('onRequest', async ({ headers }, reply) => {
    if (headers.authorization !== `Bearer ${key}`) return reply.code(401).send()
  })
  type Named = { Params: { agent_id: string } }
  app.get<Named>(
    '/config/:agent_id',
    { schema: { params, response: { 200: Agent } } },
    async ({ params: { agent_id } }, reply) => {
      return kept.get(agent_id)?.document ?? reply.code(404).send()
    },
  )
  const write = { schema: { params, body: AgentPatch, response: { 200: Agent } } }
  app.put<Named>('/config/:agent_id', write, async ({ params: { agent_id }, body }, reply) => {
    const before = kept.get(agent_id)
    const patch = parseJson(JSON.stringify(body))
    if (!before || !isJsonObject(patch)) return reply.code(404).send()
    const document = mergeDocument(before.document, patch)
    const next = { document, revision: before.revision + 1 }
    kept.set(agent_id, next)
    const content = DocumentJson.parse(document)
    await store.commit(
      scope,
      [
        { kind: 'agent.revise', agent_id, content, based_on: before.revision, note: '' },
        { kind: 'agent.serve_head', agent_id },
      ],
      { action: 'update', subject: agent_id, detail: { revision: next.revision } },
    )
    return document
  })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    port: Number(new URL(address).port),
    close: async () => {
      await app.close()
      await close()
    },
  }
}
