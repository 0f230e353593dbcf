import { agentContent } from '../../core/agent/agent-content.ts'
import { fromForeign, type PlainKey } from '../../core/agent/from-foreign.ts'
import { parseAgent } from '../../core/agent/parse-agent.ts'
import { findSecrets } from '../../core/agent/secret-scan.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { toPointer, type Problem } from '../../core/contract/errors.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/** A key on its way into the secret store, under the name that the document now refers to. */
export type NamedKey = Readonly<{ name: string; value: string }>

/** A document of another system as an agent of ours, or why it is none. */
export type ForeignDraft = Readonly<{
  agent_id: AgentId | undefined
  content: DocumentJson
  state: Readonly<{ enabled?: boolean; is_default?: boolean; version?: string }>
  owner_id: string | undefined
  keys: readonly NamedKey[]
  mended: readonly string[]
  problems: readonly Problem[]
}>

/** `earlier`: what the agent is now, for fields that are only named. */
export function foreignDraft(document: JsonObject, earlier?: JsonObject): ForeignDraft {
  const { content: bare, state, keys, mended, problems } = fromForeign(document, earlier)
  const agent_id = AgentId.safeParse(bare['agent_id']).data
  const named = keys.map((key) => ({ ...key, name: secretName(agent_id ?? 'agent', key) }))
  const content = named.reduce<JsonObject>(
    (whole, { path, name }) => withValue(whole, path, `secret:${name}`),
    agentContent(bare),
  )
  const parsed = parseAgent(content)
  const owner = document['user_id'] ?? document['owner_id']
  return {
    agent_id,
    content: DocumentJson.parse(content),
    state,
    owner_id: typeof owner === 'string' && owner !== '' ? owner : undefined,
    keys: named,
    mended: [...mended, ...named.map(({ path, name }) => `${toPointer(path)} went into the secret store as "${name}"`)],
    problems: [
      ...problems,
      ...(parsed.ok ? [] : parsed.problems),
      ...findSecrets(content).map(({ path, message }) => ({ path, message })),
    ],
  }
}

/** The same name each time, as for keys that clients of the API write into a body: `support.llm`. */
function secretName(agent_id: string, { path }: PlainKey): string {
  const [block = '', ...rest] = path
  const kind = block.replace('_config', '')
  const more = rest.filter((part) => part !== 'api_key').map((part) => `-${part}`)
  return `${agent_id.slice(0, 60)}.${kind}${more.join('')}`
}

function withValue(value: JsonObject, [key = '', ...rest]: readonly string[], text: string): JsonObject {
  const inner = value[key]
  return { ...value, [key]: rest.length === 0 ? text : deeper(inner, rest, text) }
}

function deeper(value: Json | undefined, [key = '', ...rest]: readonly string[], text: string): Json {
  if (isJsonArray(value)) {
    return value.map((item, index) => (String(index) !== key ? item : rest.length === 0 ? text : deeper(item, rest, text)))
  }
  return isJsonObject(value) ? withValue(value, [key, ...rest], text) : { [key]: text }
}
