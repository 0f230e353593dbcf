/* The whole agent in one body (production-api, part A): content and state merged, whatever is absent at its default. Pure. */
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { Problem } from '../contract/errors.ts'
import { Semver } from '../contract/agents.ts'
import { agentContent } from './agent-content.ts'
import { parseAgent } from './parse-agent.ts'
import { readShort } from './short-view.ts'
import { mergeDocument } from './merge-document.ts'

/** What lies beside the content and is shown with it. */
export type WholeState = Readonly<{
  /** UUID. */
  id: string
  version: string | undefined
  /** The content was changed after `version` was made. */
  modified_since_version: boolean
  revision: number
  enabled: boolean
  is_default: boolean
  labels: Readonly<Record<string, string>>
  tenant_config: JsonObject
  created_at: string
  updated_at: string
}>

/** What a body of part A says, apart: content to merge, and state. */
export type WholeDraft = Readonly<{
  patch: JsonObject
  version?: string
  enabled?: boolean
  is_default?: boolean
  problems: readonly Problem[]
}>

/** Shown and never taken. */
const READ_ONLY = ['id', 'revision', 'modified_since_version', 'created_at', 'updated_at', 'warnings', '_greenroom']
const SHORT = ['instructions', 'greeting', 'stt', 'llm', 'tts', 'voiceOptions']

/** Content with whatever is absent at its default; content that is no agent stays as it is. */
export function filledContent(content: JsonObject): JsonObject {
  const parsed = parseAgent(content)
  return parsed.ok ? filled(content, parsed.document) : content
}

/** `document`: filled content. */
export function wholeView(document: JsonObject, state: WholeState): JsonObject {
  const { id, version, modified_since_version, revision, enabled, is_default, labels, tenant_config, created_at, updated_at } =
    state
  return {
    id,
    ...document,
    ...(version !== undefined && { version }),
    modified_since_version,
    revision,
    enabled,
    is_default,
    labels,
    tenant_config,
    created_at,
    updated_at,
  }
}

/** Of what was read, changed and sent back, only what is the client's to say. */
export function readWhole(body: JsonObject): WholeDraft {
  const problems: Problem[] = []
  const flag = (key: string): boolean | undefined => {
    const value = body[key]
    if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined
    problems.push({ path: `/${key}`, message: 'must be true or false' })
    return undefined
  }
  const [enabled, is_default] = [flag('enabled'), flag('is_default')]
  const version = readVersion(body['version'], problems)
  return {
    patch: withoutShort(agentContent(without(body, READ_ONLY)), problems),
    ...(version !== undefined && { version }),
    ...(enabled !== undefined && { enabled }),
    ...(is_default !== undefined && { is_default }),
    problems,
  }
}

function readVersion(value: Json | undefined, problems: Problem[]): string | undefined {
  if (value === undefined || value === null) return undefined
  const parsed = Semver.safeParse(value)
  if (!parsed.success) problems.push({ path: '/version', message: 'must be a semantic version such as 1.2.0' })
  return parsed.data
}

/** Keys of the short view are understood here too, except for keys of providers: a whole document holds references. */
function withoutShort(content: JsonObject, problems: Problem[]): JsonObject {
  const short = Object.fromEntries(SHORT.flatMap((key) => (content[key] === undefined ? [] : [[key, content[key]]])))
  if (Object.keys(short).length === 0) return content
  const { patch, keys, problems: found } = readShort(short)
  problems.push(...found)
  for (const kind of Object.keys(keys))
    problems.push({ path: `/${kind}/api_key`, message: 'must be "env:NAME" or "secret:NAME"' })
  return mergeDocument(patch, without(content, SHORT))
}

const without = (object: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))

/** What is stored, as it is spelled there, and what it leaves out. */
function filled(stored: JsonObject, parsed: Readonly<Record<string, unknown>>): JsonObject {
  const values = Object.entries(parsed).map(([key, value]): [string, Json | undefined] => [key, filledValue(stored[key], value)])
  return Object.fromEntries([...values, ...Object.entries(stored).filter(([key]) => parsed[key] === undefined)].filter(isThere))
}

function filledValue(stored: Json | undefined, parsed: unknown): Json | undefined {
  if (isJsonObject(parsed)) return isJsonObject(stored) || stored === undefined ? filled(stored ?? {}, parsed) : parsed
  if (isJsonArray(parsed)) {
    const list = isJsonArray(stored) && stored.length === parsed.length ? stored : []
    return parsed.map((item, index) => filledValue(list[index], item) ?? null)
  }
  return stored ?? scalar(parsed)
}

const scalar = (value: unknown): Json | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined

const isThere = (entry: readonly [string, Json | undefined]): entry is [string, Json] => entry[1] !== undefined
