import { isJsonObject, type JsonObject } from '../json.ts'

/** State that clients may send inside a document; it lies beside the content and is neither hashed nor versioned. */
const STATE_KEYS = new Set(['version', 'enabled', 'is_default', 'tenant_config', 'labels'])

/** The parts that decide what the agent does: what is hashed, compared, versioned and bundled. */
export function agentContent(document: JsonObject): JsonObject {
  const content = Object.entries(document).filter(([key]) => !STATE_KEYS.has(key))
  return Object.fromEntries(
    content.map(([key, value]) => (key === 'routing' && isJsonObject(value) ? [key, rules(value)] : [key, value])),
  )
}

/** A/B weights are state too. */
const rules = (routing: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(routing).filter(([key]) => key !== 'weights'))
