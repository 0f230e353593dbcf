/*
 * Threat model: arguments are written by an LLM that a caller talks to, so they may be anything. A value must not leave its place: in a
 * URL every printed value is encoded (also "/", "?" and "@") and none may be a "..", in a JSON body it is escaped, in a header line breaks
 * are refused. Which server gets a secret comes from the template and the call's variables alone. Problems name places and references, and never a rendered value, which may be a secret.
 */
import { createLiquid } from '../agent/liquid-engine.ts'
import { liquidProblem } from '../agent/prompt.ts'
import type { JsonObject } from '../json.ts'
import { BadTemplate } from './bad-template.ts'
import { isOpenAddress } from './open-address.ts'
import { printed } from './printed.ts'
import { renderUrl, unnamedIn, withQuery } from './render-url.ts'
import type { HttpTool } from './tool.ts'
import type * as z from 'zod'

export type RenderedRequest = Readonly<{
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: string
  /** Rendered texts that hold a secret, to be struck out of whatever is told. */
  confidential: readonly string[]
}>
export type Rendered = Readonly<{ ok: true; request: RenderedRequest } | { ok: false; problem: string; hint: string }>

export type RequestInput = Readonly<{
  arguments: JsonObject
  /** The call's variables, with the document's defaults under them. */
  variables: JsonObject
  /** Reference → value. */
  secrets: Readonly<Record<string, string>>
}>

type Http = Readonly<z.infer<typeof HttpTool>>

/** The request that a tool makes for these arguments. */
export function renderRequest(tool: Http, input: RequestInput): Rendered {
  const missing = Object.entries(tool.secrets ?? {}).find(([, reference]) => !input.secrets[reference])
  if (missing) {
    const hint = 'Paste it in Models & keys, or set the variable and start again.'
    return { ok: false, problem: `The secret "${missing[1]}" of the tool "${tool.name}" is not on this machine`, hint }
  }
  try {
    return { ok: true, request: request(tool, input) }
  } catch (cause) {
    const problem = cause instanceof BadTemplate ? cause.message : liquidProblem(cause)
    const hint = (cause instanceof BadTemplate && cause.hint) || 'Mend it under Tools.'
    return { ok: false, problem: `The request of the tool "${tool.name}" cannot be made: ${problem}`, hint }
  }
}

function request(tool: Http, { arguments: given, variables, secrets }: RequestInput): RenderedRequest {
  const named = Object.entries(tool.secrets ?? {}).map(([name, reference]) => [name, secrets[reference] ?? ''] as const)
  const scope = { ...variables, arguments: given, secrets: Object.fromEntries(named) }
  if (named.length > 0 && isOpenAddress(tool.url))
    throw new BadTemplate('its URL lets the LLM choose the server, which would get the secrets of the tool')
  const asQuery = tool.method === 'GET' || tool.method === 'DELETE'
  const url = renderUrl(tool.url, scope)
  const headers = Object.entries(tool.headers ?? {}).map(([name, template]) => [name, header(name, template, scope)] as const)
  const body = tool.body === undefined ? (asQuery ? undefined : JSON.stringify(given)) : bodyOf(tool.body, scope)
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const type =
    body === undefined || hasType ? {} : { 'content-type': isJson(tool.body ?? '{') ? 'application/json' : 'text/plain' }
  return {
    method: tool.method,
    url: tool.body === undefined && asQuery ? withQuery(url, unnamedIn(tool.url, given)) : url,
    headers: { ...type, ...Object.fromEntries(headers) },
    ...(body !== undefined && { body }),
    confidential: [
      ...named.map(([, value]) => value),
      ...headers.filter(([name]) => /\bsecrets\b/.test(tool.headers?.[name] ?? '')).flatMap(([, value]) => [value, bare(value)]),
    ],
  }
}

function header(name: string, template: string, scope: object): string {
  const value = createLiquid().parseAndRenderSync(template, scope).trim()
  if (/[\x00-\x08\x0A-\x1F\x7F]/.test(value))
    throw new BadTemplate(`the header "${name}" has a line break or a control character in it`)
  return [...value].some((letter) => letter > '\u00FF') ? encodeURI(value) : value
}

/** A body that looks like JSON gets its values escaped as JSON strings are; any other takes them as they are. */
function bodyOf(template: string, scope: object): string {
  return isJson(template) ? inJson().parseAndRenderSync(template, scope) : createLiquid().parseAndRenderSync(template, scope)
}

const isJson = (template: string): boolean => /^\s*(?:[[{](?![{%])|\{\{.*\|\s*json\s*\}\}\s*$)/s.test(template)

/** `Bearer abc` as a server would repeat it. */
const bare = (header: string): string => header.replace(/^\w+ /, '')

function inJson() {
  const liquid = createLiquid((value) => (typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : inPlace(value)))
  liquid.registerFilter('json', { raw: true, handler: (value) => JSON.stringify(value ?? null) })
  return liquid
}

const inPlace = (value: unknown): string => (value === undefined || value === null ? 'null' : printed(value))
