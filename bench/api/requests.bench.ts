import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import * as z from 'zod'
import { isJsonObject, parseJson, type JsonObject } from '../../core/json.ts'
import { readServerMode } from '../../host/compose/server-mode.ts'
import { readSamples, samplesFolder } from '../../host/agents/read-samples.ts'
import { serveServer } from '../../host/serve-server.ts'
import type { Measure } from '../measure.ts'
import { startBareServer } from './bare-server.ts'
import { rawRequest, startLoad } from './load.ts'

const AGENTS = 40
const CONFIG = '/api/v1/agents/config'
const READS = 2000
const WRITES = 80

const Made = z.object({ value: z.string() })

/** P10: requests with key, tenant, role, limits and audit, against fastify with the same schemas and none of these. */
export const requestReads = requests('reading an agent by the API', READS, 1 / 0.8, (path, key) => rawRequest('GET', path, key))
export const requestWrites = requests('changing an agent by the API', WRITES, 1 / 0.6, (path, key, count) =>
  rawRequest(
    'PUT',
    path,
    key,
    JSON.stringify({ llm_config: { temperature: (count % 20) / 10 }, description: `Changed ${count} times` }),
  ),
)

function requests(
  name: string,
  count: number,
  most: number,
  request: (path: string, headers: Readonly<Record<string, string>>, count: number) => string,
): Measure {
  return {
    id: 'P10',
    name,
    peer: 'bare fastify, same schemas',
    unit: 'ms',
    goal: { kind: 'ratio', most },
    prepare: async () => {
      const dir = await mkdtemp(join(tmpdir(), 'greenroom-bench-'))
      const log = pino({ level: 'silent' })
      const server = await serveServer({
        server: readServerMode({}, { worker: false }),
        data_dir: join(dir, 'data'),
        log,
        api: { host: '127.0.0.1', ports: [0], insecure: false },
      })
      const origin = server.addresses[0] ?? ''
      const key = await developerKey(origin, server.first_key ?? '')
      const documents = await makeAgents(origin, key)
      const bare = await startBareServer(join(dir, 'bare'), key, documents)
      const load = startLoad()
      const headers = { authorization: `Bearer ${key}` }
      const ids = [...documents.keys()]
      let made = 0
      const all = (base: string) =>
        Array.from({ length: count }, (_, index) => request(`${base}/${ids[index % ids.length] ?? ''}`, headers, (made += 1)))
      return {
        ours: () => load.send(Number(new URL(origin).port), all(CONFIG)),
        peer: () => load.send(bare.port, all('/config')),
        close: async () => {
          load.close()
          await bare.close()
          await server.close()
          await rm(dir, { recursive: true, force: true })
        },
      }
    },
  }
}

/** Of a tenant of its own, as a customer has one. */
async function developerKey(origin: string, first_key: string): Promise<string> {
  const tenant = Made.parse(await ask(origin, first_key, 'POST', '/api/v1/tenants', { tenant_id: 'bench', name: 'Bench' }))
  return Made.parse(await ask(origin, tenant.value, 'POST', '/api/v1/keys', { name: 'bench', role: 'developer' })).value
}

async function makeAgents(origin: string, key: string): Promise<ReadonlyMap<string, JsonObject>> {
  const samples = await readSamples(samplesFolder())
  const documents = new Map<string, JsonObject>()
  for (let index = 0; index < AGENTS; index += 1) {
    const agent_id = `agent-${index}`
    const body = { ...samples[index % samples.length]?.content, agent_id, name: `Agent ${index}` }
    await ask(origin, key, 'POST', CONFIG, body)
    const document = await ask(origin, key, 'GET', `${CONFIG}/${agent_id}`)
    documents.set(agent_id, document)
  }
  return documents
}

async function ask(origin: string, key: string, method: string, path: string, body?: unknown): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const reply = await fetch(origin + path, {
    method,
    headers: body === undefined ? { authorization: headers.authorization } : headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer = parseJson(await reply.text())
  if (!reply.ok || !isJsonObject(answer)) throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`)
  return answer
}
