import { isJsonObject, type Json, type JsonObject } from '../../json.ts'

/** Provider names of the first clients → ours. */
const PROVIDERS: Readonly<Record<string, JsonObject>> = {
  openai: { provider: 'openai-compatible' },
  'openai.com': { provider: 'openai-compatible' },
  groq: { provider: 'openai-compatible', base_url: 'https://api.groq.com/openai/v1', api_key: 'env:GROQ_API_KEY' },
  'groq.com': { provider: 'openai-compatible', base_url: 'https://api.groq.com/openai/v1', api_key: 'env:GROQ_API_KEY' },
  'whisper.local': { provider: 'builtin' },
}

/** Two fields that every early agent had, which documents therefore gave by name alone. */
const USUAL_FIELDS: Readonly<Record<string, JsonObject>> = {
  voice_instructions: {
    field_name: 'voice_instructions',
    field_type: 'str',
    description: 'How the voice sounds in this reply.',
    constraints: { max_length: 80 },
  },
  system_response: {
    field_name: 'system_response',
    field_type: 'str',
    description: 'What is said to the caller.',
    metadata: { use_in_tts: true },
  },
}

/**
 * Before there was `format`: fields could be names alone, the short view kept prompt and providers at the top
 * (`instructions`, `stt`, `llm`, `tts` with `voiceId` and `voiceName`, `voiceOptions`), and providers had other names.
 */
export function fromFormat0(document: JsonObject): JsonObject {
  const { instructions, greeting, stt, llm, tts, voiceOptions, ...rest } = document
  const prompt = compact({ instructions, greeting })
  return {
    ...rest,
    format: 1,
    ...identity(rest),
    ...(Object.keys(prompt).length > 0 ? { prompt_config: { ...prompt, ...object(rest['prompt_config']) } } : {}),
    ...(rest['schema_config'] === undefined ? {} : { schema_config: withFieldTables(rest['schema_config']) }),
    ...block('stt_config', stt, rest['stt_config']),
    ...block('llm_config', llm, rest['llm_config']),
    ...block('tts_config', tts, rest['tts_config'], voiceOptions),
  }
}

/** In the short view the name is the id; in the long one the id may stand alone. */
function identity({ agent_id, name }: JsonObject): JsonObject {
  if (agent_id === undefined && typeof name === 'string') return { agent_id: name }
  return name === undefined && typeof agent_id === 'string' ? { name: agent_id } : {}
}

function withFieldTables(schema: Json): Json {
  if (!isJsonObject(schema) || !Array.isArray(schema['fields'])) return schema
  return { ...schema, fields: schema['fields'].map((field: Json) => (typeof field === 'string' ? namedField(field) : field)) }
}

const namedField = (name: string): JsonObject =>
  (Object.hasOwn(USUAL_FIELDS, name) ? USUAL_FIELDS[name] : undefined) ?? {
    field_name: name,
    field_type: 'str',
    description: '',
    required: false,
  }

function block(key: string, short: Json | undefined, long: Json | undefined, voiceOptions?: Json): JsonObject {
  if (long !== undefined && !isJsonObject(long)) return {}
  const { voiceId, voiceName, ...given } = { ...object(short), ...object(long) }
  const provider = given['provider']
  const known = typeof provider === 'string' && Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined
  const config = {
    ...known,
    ...given,
    ...(known ? { provider: known['provider'] ?? null } : {}),
    ...compact({ voice_id: voiceId, voice_name: voiceName, voice_options: voiceOptions }),
  }
  return Object.keys(config).length > 0 ? { [key]: config } : {}
}

const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

const compact = (values: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))
