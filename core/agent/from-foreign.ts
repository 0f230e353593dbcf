/*
 * Documents of agents as other systems keep them (production-api, parts A and B, older ones) become ours. Pure; what cannot be used is said
 * with its place, what was changed on the way is said in words, and keys in plain text come out apart: they belong in the secret store.
 */
import { Semver } from '../contract/agents.ts'
import { toPointer, type Problem } from '../contract/errors.ts'
import { AgentId } from '../contract/ids.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import { agentContent } from './agent-content.ts'
import { slugAgentId } from './agent-slug.ts'
import { starterInstructions } from './blank-agent.ts'
import { DOCUMENT_FORMAT } from './document.ts'
import { mergeDocument } from './merge-document.ts'
import { readShort } from './short-view.ts'
import { fieldsOf, namedOnly, plainField, withNamedFields } from './whole/named-fields.ts'
import { withBothSpellings } from './whole/own-spelling.ts'
import { usualFields } from './whole/usual-fields.ts'

/** A key in plain text that stood at `path` of the document, which no longer has it. */
export type PlainKey = Readonly<{ path: readonly string[]; value: string }>

export type ForeignAgent = Readonly<{
  content: JsonObject
  state: Readonly<{ enabled?: boolean; is_default?: boolean; version?: string }>
  keys: readonly PlainKey[]
  /** What was changed so that it can be used, in words. */
  mended: readonly string[]
  problems: readonly Problem[]
}>

/** Bookkeeping of other systems; it says nothing of the agent. */
const NOT_CONTENT = ['id', '_id', '__v', 'user_id', 'owner_id', 'revision', 'modified_since_version', 'warnings', '_greenroom']
const DATES = ['created_at', 'updated_at', 'createdAt', 'updatedAt']
const KINDS = ['stt', 'llm', 'tts'] as const
const BLOCKS = ['stt_config', 'llm_config', 'tts_config']
const SHORT = [
  'instructions',
  'greeting',
  'voiceOptions',
  'is_active',
  ...KINDS,
  ...KINDS.map((kind) => `${kind}_provider_config`),
]
const KEYS = ['api_key', 'api_secret']
const REFERENCE = /^(?:env|secret):/
const VARIABLE = /^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$/

/** `earlier`: the agent's own document before, whose fields a list of names (a tier) means. */
export function fromForeign(document: JsonObject, earlier?: JsonObject): ForeignAgent {
  const mended: string[] = []
  const problems: Problem[] = []
  const bare = without(document, [...NOT_CONTENT, ...DATES])
  const long = isShort(bare) ? fromShort(bare, problems) : bare
  const spelled = withFormat(withId(withInstructions(withoutNulls(long), mended), mended))
  const named = withFields(spelled, earlier, mended)
  const keys: PlainKey[] = []
  const content = withoutKeys(agentContent(named), keys, mended)
  return { content, state: stateOf(bare, mended, problems), keys, mended, problems }
}

const isShort = (document: JsonObject): boolean => SHORT.some((key) => document[key] !== undefined)

/** Long keys that stand beside short ones count as well. */
function fromShort(document: JsonObject, problems: Problem[]): JsonObject {
  const { patch, keys, problems: found } = readShort(document)
  problems.push(...found)
  const blocks = KINDS.flatMap((kind): [string, Json][] => {
    const api_key = keys[kind]
    return api_key === undefined ? [] : [[`${kind}_config`, { api_key }]]
  })
  const own = Object.fromEntries(Object.entries(document).filter(([key]) => !SHORT.includes(key)))
  return mergeDocument(mergeDocument(own, patch), Object.fromEntries(blocks))
}

/** Short views of some clients say only what the agent is called and whom it asks. */
function withInstructions(document: JsonObject, mended: string[]): JsonObject {
  const prompt = document['prompt_config']
  if (prompt !== undefined || !KINDS.some((kind) => document[`${kind}_config`] !== undefined)) return document
  mended.push('it had no instructions and got those of a new agent')
  return { ...document, prompt_config: { instructions: starterInstructions } }
}

/** Documents of a Greenroom say their format; of others it is made what that format says, with the keys that they know beside ours. */
function withFormat(document: JsonObject): JsonObject {
  if (document['format'] !== undefined) return document
  const written = withBothSpellings({}, document)
  const schema = written['schema_config'] ?? {}
  if (!isJsonObject(schema)) return { format: DOCUMENT_FORMAT, ...written }
  const spoken = schema['spoken_field']
  const fields = schema['fields'] ?? usualFields(typeof spoken === 'string' ? spoken : undefined)
  return { format: DOCUMENT_FORMAT, ...written, schema_config: { ...schema, fields } }
}

function withId(document: JsonObject, mended: string[]): JsonObject {
  const { agent_id, name } = document
  const given = agent_id ?? name
  if (typeof given !== 'string' || given.trim() === '') return document
  const called = typeof name === 'string' && name.trim() !== '' ? name : given
  if (AgentId.safeParse(given).success) return { ...document, agent_id: given, name: called }
  const slug = slugAgentId(given)
  if (agent_id !== undefined) mended.push(`its id "${given.slice(0, 64)}" became "${slug}"`)
  return { ...document, agent_id: slug, name: called }
}

function withFields(document: JsonObject, earlier: JsonObject | undefined, mended: string[]): JsonObject {
  const names = namedOnly(document)
  if (names.length === 0) return document
  const known = [...fieldsOf(document), ...(earlier ? fieldsOf(earlier) : [])]
  const found = withNamedFields(document, (name) => known.find((field) => field['field_name'] === name))
  const unknown = namedOnly(found)
  const whole = withNamedFields(found, plainField)
  mended.push('fields that it only names got their definitions')
  if (unknown.length > 0) mended.push(`nothing defines ${unknown.join(', ')}: optional texts now`)
  return whole
}

function stateOf(document: JsonObject, mended: string[], problems: Problem[]): ForeignAgent['state'] {
  const flag = (key: string): boolean | undefined => {
    const value = document[key]
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
    problems.push({ path: `/${key}`, message: 'must be true or false' })
    return undefined
  }
  const enabled = flag('enabled') ?? flag('is_active')
  const is_default = flag('is_default')
  const version = readVersion(document['version'], mended)
  return {
    ...(enabled !== undefined && { enabled }),
    ...(is_default !== undefined && { is_default }),
    ...(version !== undefined && { version }),
  }
}

function readVersion(value: Json | undefined, mended: string[]): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = String(typeof value === 'object' ? '' : value)
  const padded = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text)
  const version = padded ? [padded[1], padded[2] ?? '0', padded[3] ?? '0'].map(Number).join('.') : text
  if (!Semver.safeParse(version).success) {
    mended.push('its version is no number such as 1.2.0 and was left out')
    return undefined
  }
  if (version !== value) mended.push(`its version ${text} became ${version}`)
  return version
}

/** Programs write null for what is not set; only a field's default means it. */
function withoutNulls(document: JsonObject): JsonObject {
  const clean = (value: Json): Json => (isJsonObject(value) ? objectWithoutNulls(value) : value)
  const objectWithoutNulls = (value: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== null)
        .map(([key, inner]) => [key, clean(inner)]),
    )
  return objectWithoutNulls(document)
}

function withoutKeys(content: JsonObject, keys: PlainKey[], mended: string[]): JsonObject {
  const block = (value: Json, path: readonly string[]): Json => {
    if (isJsonArray(value)) return value.map((item, index) => block(item, [...path, String(index)]))
    if (!isJsonObject(value)) return value
    const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
      if (key === 'fallbacks') return [[key, block(inner, [...path, key])]]
      return KEYS.includes(key) && typeof inner === 'string' ? keyEntry([...path, key], inner, keys, mended) : [[key, inner]]
    })
    return Object.fromEntries(entries)
  }
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, BLOCKS.includes(key) ? block(value, [key]) : value]),
  )
}

function keyEntry(path: readonly string[], value: string, keys: PlainKey[], mended: string[]): [string, Json][] {
  const key = path.at(-1) ?? ''
  if (value === '') return []
  if (REFERENCE.test(value)) return [[key, value]]
  const variable = VARIABLE.exec(value)?.[1]
  if (variable !== undefined) {
    mended.push(`${toPointer(path)} became a reference to the variable ${variable}`)
    return [[key, `env:${variable}`]]
  }
  keys.push({ path, value })
  return []
}

const without = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
