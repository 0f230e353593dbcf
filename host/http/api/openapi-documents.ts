import * as z from 'zod'
import { AgentDocument } from '../../../core/agent/document.ts'
import { Semver } from '../../../core/contract/agents.ts'
import { ErrorBody } from '../../../core/contract/errors.ts'
import { Field } from '../../../core/output/field.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import { toOpenApiSchema } from './openapi-schema.ts'

/** Shapes of documents, which the contract passes through as they are: what is in them for readers of the documentation, and for tests. */
export const documentSchemas = (): Readonly<Record<string, JsonObject>> => ({
  Agent: toOpenApiSchema(Agent, 'output'),
  AgentDraft: opened({ ...toOpenApiSchema(AgentDocument, 'input'), required: ['agent_id', 'prompt_config'] }),
  AgentPatch: {
    type: 'object',
    description: 'Keys merge deeply, arrays replace, null removes an optional key.',
    additionalProperties: true,
  },
  Field: opened(toOpenApiSchema(Field, 'input')),
  ShortAgent: toOpenApiSchema(ShortAgent, 'output'),
  ShortDraft: toOpenApiSchema(ShortDraft, 'input'),
  Error: toOpenApiSchema(z.object({ error: ErrorBody }), 'output'),
})

/** Which of them stands in the place of a key of an operation's input or output. */
export function documentAt(operation: string, key: string | undefined): string | undefined {
  const [family] = operation.split('.')
  if (family !== 'config' && family !== 'short') return undefined
  if (key === 'patch') return 'AgentPatch'
  if (key === 'field') return 'Field'
  if (key === 'document') return 'Agent'
  return key === 'agent' ? 'ShortAgent' : undefined
}

/** What a client writes where it reads the other. */
export const draftOf = (name: string): string => ({ Agent: 'AgentDraft', ShortAgent: 'ShortDraft' })[name] ?? name

const Agent = z.looseObject({
  id: z.uuid(),
  agent_id: z.string(),
  name: z.string(),
  version: Semver.optional(),
  modified_since_version: z.boolean(),
  revision: z.int().min(1),
  enabled: z.boolean(),
  is_default: z.boolean(),
  labels: z.record(z.string(), z.string()),
  tenant_config: z.looseObject({ tenant_id: z.string(), isolation_level: z.enum(['shared', 'organization']) }),
  prompt_config: z.looseObject({ instructions: z.string() }),
  schema_config: z.looseObject({
    spoken_field: z.string(),
    fields: z.array(z.looseObject({ field_name: z.string(), field_type: z.string() })),
  }),
  stt_config: z.looseObject({ provider: z.string() }),
  llm_config: z.looseObject({ provider: z.string() }),
  tts_config: z.looseObject({ provider: z.string() }),
  tracing_config: z.looseObject({ enabled: z.boolean() }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  /** Of a write alone. */
  warnings: z.array(z.object({ path: z.string(), message: z.string(), hint: z.string() })).optional(),
})

const block = z.looseObject({ provider: z.string().optional(), model: z.string().optional() })
const secret = z.string().optional()
const ShortDraft = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().max(10_000).optional(),
  instructions: z.string().min(1).max(200_000).optional(),
  enabled: z.boolean().optional(),
  is_active: z.boolean().optional(),
  is_default: z.boolean().optional(),
  stt: block.optional(),
  llm: block.optional(),
  tts: block.extend({ voiceId: z.string().optional(), voiceName: z.string().optional() }).optional(),
  voiceOptions: z.looseObject({}).optional(),
  llm_provider_config: block
    .extend({ api_key: secret, api_url: z.string().optional(), completions_path: z.string().optional() })
    .optional(),
  tts_provider_config: block
    .extend({
      api_key: secret,
      voice_id: z.string().optional(),
      model_id: z.string().optional(),
      sample_rate: z.int().optional(),
    })
    .optional(),
  stt_provider_config: block.extend({ api_key: secret, url: z.string().optional(), path: z.string().optional() }).optional(),
})
const ShortAgent = z.looseObject({
  id: z.uuid(),
  agent_id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  is_active: z.boolean(),
  is_default: z.boolean(),
  stt: z.looseObject({ provider: z.string() }),
  llm: z.looseObject({ provider: z.string() }),
  tts: z.looseObject({ provider: z.string() }),
  stt_provider_config: z.looseObject({ provider: z.string() }),
  llm_provider_config: z.looseObject({ provider: z.string() }),
  tts_provider_config: z.looseObject({ provider: z.string() }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

/** Documents keep keys that nobody here knows. */
function opened(schema: JsonObject): JsonObject {
  const properties = schema['properties']
  const inner = isJsonObject(properties)
    ? Object.fromEntries(
        Object.entries(properties).map(([key, value]): [string, Json] => [key, isJsonObject(value) ? opened(value) : value]),
      )
    : undefined
  return { ...schema, ...(inner && { properties: inner, additionalProperties: true }) }
}
