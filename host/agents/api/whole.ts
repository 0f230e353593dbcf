import { agentContent } from '../../../core/agent/agent-content.ts'
import { filledContent, wholeView } from '../../../core/agent/whole-view.ts'
import type { AgentVersion, DocumentJson } from '../../../core/contract/agents.ts'
import type { Tenant } from '../../../core/contract/tenants.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'
import { asDocument } from './as-document.ts'
import { etagOf } from './etag.ts'

export type Whole = Readonly<{ document: DocumentJson; etag: string }>

/** Which published version an agent shows: the one that `production` names, else the newest; and whether head is another one since then. */
export type ShownVersion = Readonly<{ version: string | undefined; modified: boolean }>

export type WholeReader = Readonly<{
  /** As it is now. The same stored agent gives the same answer, so that an answer is made and written once. */
  read: (scope: TenantScope, agent: StoredAgent) => Promise<Whole>
  /** With the content of an earlier version. */
  readVersion: (scope: TenantScope, agent: StoredAgent, version: AgentVersion, content: DocumentJson) => Promise<Whole>
  shown: (scope: TenantScope, agent: Pick<StoredAgent, 'summary'>) => Promise<ShownVersion>
}>

type Made = Readonly<{ tenant: Tenant | undefined; whole: Whole }>

export function createWholeReader(store: Store): WholeReader {
  const made = new WeakMap<StoredAgent, Made>()
  const wholeOf = wholeMaker()
  const shown: WholeReader['shown'] = async (scope, { summary }) => {
    const { agent_id, version, unpublished, labels } = summary
    const production = labels['production']
    if (production === undefined || production === version) return { version, modified: version !== undefined && unpublished }
    const [labelled, head] = await Promise.all([
      store.versions.find(scope, agent_id, production),
      store.agents.findRevision(scope, agent_id, summary.revision),
    ])
    return { version: production, modified: labelled?.content_hash !== head?.content_hash }
  }
  return {
    shown,
    read: async (scope, agent) => {
      const tenant = await store.directory.tenant(scope.tenant_id)
      const before = made.get(agent)
      if (before && before.tenant === tenant) return before.whole
      const { version, modified } = await shown(scope, agent)
      const { revision, content, content_hash } = agent.head
      const state = { ...stateOf(agent, tenantConfig(scope, tenant)), version, modified_since_version: modified, revision }
      const whole = wholeOf(content, state, content_hash)
      made.set(agent, { tenant, whole })
      return whole
    },
    readVersion: async (scope, agent, { version, revision, content_hash }, content) => {
      const tenant = await store.directory.tenant(scope.tenant_id)
      const state = stateOf(agent, tenantConfig(scope, tenant))
      return wholeOf(content, { ...state, version, modified_since_version: false, revision }, content_hash)
    },
  }
}

type State = Parameters<typeof wholeView>[1]

/** How many contents are kept filled, lately made ones: what is changed, read back and read again is looked through once. */
const MOST_FILLED = 100

function wholeMaker(): (content: DocumentJson, state: State, content_hash: string) => Whole {
  const filled = new Map<string, JsonObject>()
  function fill(content: DocumentJson, content_hash: string): JsonObject {
    const known = filled.get(content_hash)
    if (known) return known
    // Of what the hash is of, and nothing more: another tenant may have the same content, with state of its own in it.
    const document = filledContent(agentContent(content))
    const [oldest] = filled.keys()
    if (filled.size >= MOST_FILLED && oldest !== undefined) filled.delete(oldest)
    filled.set(content_hash, document)
    return document
  }
  return (content, state, content_hash) => {
    const document = wholeView(fill(content, content_hash), state)
    return Object.freeze({ document: asDocument(document), etag: etagOf(content_hash, state) })
  }
}

const stateOf = ({ summary }: StoredAgent, tenant_config: JsonObject) => ({
  id: summary.id,
  enabled: summary.enabled,
  is_default: summary.is_default,
  labels: summary.labels,
  tenant_config,
  created_at: new Date(summary.created_at).toISOString(),
  updated_at: new Date(summary.updated_at).toISOString(),
})

const tenantConfig = ({ tenant_id }: TenantScope, tenant: Tenant | undefined): JsonObject => ({
  tenant_id,
  isolation_level: tenant?.isolation_level ?? 'shared',
})
