/*
 * The short view of an agent (production-api, part B): what two families of clients write and read of the same document. Pure; the state
 * that lies beside a document comes in and goes out as arguments.
 */
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Problem } from '../contract/errors.ts'
import type { ProviderKind } from '../providers/index.ts'
import { migrateDocument } from './migrations.ts'
import { changedBlock, given, longBlock, objectOf, plainBlock, providerBlock } from './short/short-block.ts'
import { changedOnly } from './changed-only.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** What lies beside the document, as far as the short view shows it. */
export type ShortState = Readonly<{
  /** UUID. */
  id: string
  enabled: boolean
  /** Of the calling user. */
  is_default: boolean
  version?: string | undefined
  owner_id?: string | undefined
  created_at: string
  updated_at: string
}>

/** A short body in the document's words. */
export type ShortDraft = Readonly<{
  /** Merges into the document; null takes a key out. */
  patch: JsonObject
  enabled?: boolean
  is_default?: boolean
  /** Keys in plain text, by the block that they were written for: they belong in the secret store, and their reference in the block. */
  keys: Readonly<Partial<Record<ProviderKind, string>>>
  /** Of the family of clients whose agents belong to a user. */
  owned: boolean
  problems: readonly Problem[]
}>

/** Shown and never taken. */
const READ_ONLY = new Set(['id', 'agent_id', 'user_id', 'owner_id', 'version', 'created_at', 'updated_at', 'format'])
const STATE = new Set(['enabled', 'is_active', 'is_default'])
const SHORT = new Set(['instructions', 'greeting', 'voiceOptions', ...KINDS, ...KINDS.map((kind) => `${kind}_provider_config`)])
/** Parts of the whole document, which the short view does not show. */
const LONG = new Set(
  'prompt_config schema_config stt_config llm_config tts_config turn_config tools routing room_config tracing_config'.split(' '),
)
const REFERENCE = /^(?:env|secret):/

/** Both families' keys. Broken documents of somebody else are shown as far as they can be read. */
export function shortView(content: JsonObject, state: ShortState): JsonObject {
  const document = migrateDocument(content)
  const prompt = objectOf(document['prompt_config'])
  const block = (kind: ProviderKind) => objectOf(document[`${kind}_config`])
  const others = Object.entries(document).filter(([key]) => !LONG.has(key) && !SHORT.has(key) && !READ_ONLY.has(key))
  const { id, enabled, is_default, version, owner_id, created_at, updated_at } = state
  return given({
    id,
    agent_id: document['agent_id'],
    name: document['name'] ?? document['agent_id'],
    description: document['description'] ?? '',
    instructions: prompt['instructions'],
    greeting: prompt['greeting'],
    enabled,
    is_active: enabled,
    is_default,
    stt: plainBlock('stt', block('stt')),
    llm: plainBlock('llm', block('llm')),
    tts: plainBlock('tts', block('tts')),
    voiceOptions: block('tts')['voice_options'],
    stt_provider_config: providerBlock('stt', block('stt')),
    llm_provider_config: providerBlock('llm', block('llm')),
    tts_provider_config: providerBlock('tts', block('tts')),
    ...Object.fromEntries(others.filter(([key]) => key !== 'name' && key !== 'description' && !STATE.has(key))),
    version,
    user_id: owner_id,
    created_at,
    updated_at,
  })
}

/**
 * Reads a short body of either family, or of both: of an answer that a client changed and sends back, only what differs from `now` counts,
 * so that it does not matter which family's key was changed.
 */
export function readShort(body: JsonObject, now?: Readonly<{ content: JsonObject; view: JsonObject }>): ShortDraft {
  const changed = now ? wholeAddress(changedOnly(body, now.view), now.view) : body
  const before = now ? migrateDocument(now.content) : {}
  const problems: Problem[] = []
  const state = readState(changed, problems)
  const keys: Partial<Record<ProviderKind, string>> = {}
  const blocks = KINDS.flatMap((kind): [string, Json][] => {
    const written = readBlock(kind, changed, problems)
    if (Object.keys(written).length === 0) return []
    const { api_key, ...block } = changedBlock(kind, objectOf(before[`${kind}_config`]), written)
    const plain = typeof api_key === 'string' && api_key !== '' && !REFERENCE.test(api_key)
    if (plain) keys[kind] = api_key
    return [
      [`${kind}_config`, { ...block, ...(api_key !== undefined && !plain && { api_key: api_key === '' ? null : api_key }) }],
    ]
  })
  const others = Object.entries(changed).filter(([key]) => !SHORT.has(key) && !READ_ONLY.has(key) && !STATE.has(key))
  const prompt = given({ instructions: changed['instructions'], greeting: changed['greeting'] })
  const patch = deepMerged(Object.fromEntries(others), {
    ...(Object.keys(prompt).length > 0 && { prompt_config: prompt }),
    ...Object.fromEntries(blocks),
  })
  return { patch, ...state, keys, owned: isOwned(body), problems }
}

/** The place in a client's own body of what is wrong in the document that was made from it. */
export function shortPath(path: string, body: JsonObject): string {
  if (path.startsWith('/prompt_config/')) return isJsonObject(body['prompt_config']) ? path : path.slice('/prompt_config'.length)
  const [, kind, rest] = /^\/(stt|llm|tts)_config(\/.*)?$/.exec(path) ?? []
  if (kind === undefined || body[`${kind}_config`] !== undefined) return path
  return `/${body[kind] !== undefined ? kind : `${kind}_provider_config`}${rest ?? ''}`
}

/** Address and path of an LLM make one address, so that one of them does not change without the other being known. */
function wholeAddress(changed: JsonObject, view: JsonObject): JsonObject {
  const config = changed['llm_provider_config']
  if (!isJsonObject(config) || (config['api_url'] === undefined && config['completions_path'] === undefined)) return changed
  if (config['provider'] !== undefined) return changed
  const { api_url, completions_path } = objectOf(view['llm_provider_config'])
  return { ...changed, llm_provider_config: { ...given({ api_url, completions_path }), ...config } }
}

const isOwned = (body: JsonObject): boolean =>
  body['is_active'] !== undefined || KINDS.some((kind) => body[`${kind}_provider_config`] !== undefined)

function readState(body: JsonObject, problems: Problem[]): Pick<ShortDraft, 'enabled' | 'is_default'> {
  const flag = (key: string): boolean | undefined => {
    const value = body[key]
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
    problems.push({ path: `/${key}`, message: 'must be true or false' })
    return undefined
  }
  const enabled = flag('enabled') ?? flag('is_active')
  const is_default = flag('is_default')
  return { ...(enabled !== undefined && { enabled }), ...(is_default !== undefined && { is_default }) }
}

function readBlock(kind: ProviderKind, body: JsonObject, problems: Problem[]): JsonObject {
  const part = (key: string): JsonObject => {
    const value = body[key]
    if (value === undefined || value === null || isJsonObject(value)) return objectOf(value)
    problems.push({ path: `/${key}`, message: 'must be an object such as {"provider": "…", "model": "…"}' })
    return {}
  }
  const written = { ...longBlock(kind, part(`${kind}_provider_config`)), ...longBlock(kind, part(kind)) }
  const voice = kind === 'tts' ? given({ voice_options: body['voiceOptions'] }) : {}
  return { ...written, ...voice }
}

/** `b` into `a`, object by object. */
function deepMerged(a: JsonObject, b: JsonObject): JsonObject {
  const merged = Object.entries(b).map(([key, value]): [string, Json] => {
    const old = a[key]
    return [key, isJsonObject(old) && isJsonObject(value) ? deepMerged(old, value) : value]
  })
  return { ...a, ...Object.fromEntries(merged) }
}
