import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { llmProviderId, sttProviderId, ttsProviderId, type ProviderKind } from '../../providers/index.ts'

/** Where the parts of an LLM's address stand with clients that keep its path apart. */
const CHAT = '/chat/completions'

/** Client's key → ours, in the block of each kind; both families' names are understood in both families' blocks. */
const RENAMED: Readonly<Record<ProviderKind, Readonly<Record<string, string>>>> = {
  stt: { url: 'base_url' },
  llm: {},
  tts: { voiceId: 'voice_id', voiceName: 'voice_name', model_id: 'model' },
}

/** What another provider would not understand, or must not be sent: it goes when a client names another provider. */
const OF_ONE_PROVIDER = ['model', 'base_url', 'api_key', 'api_secret', 'completions_path', 'path', 'voice_id', 'voice_name']

/** A client's provider block in the document's words. `api_key` stays as it was written, which is for the caller to put away. */
export function longBlock(kind: ProviderKind, short: JsonObject): JsonObject {
  const renamed = Object.fromEntries(Object.entries(short).map(([key, value]) => [RENAMED[kind][key] ?? key, value]))
  return kind === 'llm' ? joinAddress(renamed) : renamed
}

/** With nulls for what belongs to the provider before, when the patch names another one. */
export function changedBlock(kind: ProviderKind, before: JsonObject, patch: JsonObject): JsonObject {
  if (patch['provider'] === undefined || isSameProvider(kind, before['provider'], patch['provider'])) return patch
  const left = OF_ONE_PROVIDER.filter((key) => before[key] !== undefined).map((key) => [key, null] as const)
  return { ...Object.fromEntries(left), ...patch }
}

/** A block as clients whose providers are `stt`, `llm` and `tts` read it. */
export function plainBlock(kind: ProviderKind, block: JsonObject): JsonObject {
  const { provider = usualProvider(kind), api_key: _, api_secret: __, completions_path: ___, ...rest } = block
  if (kind !== 'tts') return { provider, ...rest }
  const { voice_id, voice_name, voice_options: ____, ...others } = rest
  return given({ provider, voiceId: voice_id, voiceName: voice_name, ...others })
}

/** A block as clients read it whose providers are `…_provider_config`. */
export function providerBlock(kind: ProviderKind, block: JsonObject): JsonObject {
  const { provider = usualProvider(kind), api_key, model, base_url, path, voice_id, sample_rate } = block
  if (kind === 'stt') return given({ provider, api_key, model, url: base_url, path })
  if (kind === 'tts') return given({ provider, api_key, voice_id, model_id: model, sample_rate })
  return given({ provider, api_key, model, ...splitAddress(base_url, block['completions_path']) })
}

function isSameProvider(kind: ProviderKind, a: Json = usualProvider(kind), b: Json): boolean {
  const known = (name: Json) => (typeof name === 'string' ? (catalogueName(kind, name) ?? name) : name)
  return known(a) === known(b)
}

/** The catalogue's own name of a provider that a client may know by another (`groq.com` → `groq`). */
function catalogueName(kind: ProviderKind, provider: string): string | undefined {
  if (kind === 'stt') return sttProviderId(provider)
  return kind === 'llm' ? llmProviderId(provider) : ttsProviderId(provider)
}

/** `api_url` and `completions_path` → `base_url`, before `/chat/completions`. */
function joinAddress({ api_url, ...rest }: JsonObject): JsonObject {
  if (typeof api_url !== 'string') return api_url === undefined ? rest : { ...rest, base_url: api_url }
  const path = rest['completions_path']
  const address = api_url.replace(/\/+$/, '')
  const base_url = address.endsWith(CHAT) ? address.slice(0, -CHAT.length) : address + prefixOf(path)
  return { ...rest, base_url }
}

function splitAddress(
  base_url: Json | undefined,
  completions_path: Json | undefined,
): Readonly<Record<string, Json | undefined>> {
  const prefix = prefixOf(completions_path)
  const whole = typeof base_url === 'string' && prefix !== '' && base_url.endsWith(prefix)
  return { api_url: whole ? base_url.slice(0, -prefix.length) : base_url, completions_path }
}

/** What stands before `/chat/completions` in a path that ends so. */
const prefixOf = (path: Json | undefined): string => {
  if (typeof path !== 'string') return ''
  const rooted = path.startsWith('/') ? path : `/${path}`
  return rooted.endsWith(CHAT) ? rooted.slice(0, -CHAT.length) : ''
}

const usualProvider = (kind: ProviderKind): string => (kind === 'llm' ? 'rehearsal' : 'builtin')

export const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

export const given = (values: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Json] => entry[1] !== undefined))
