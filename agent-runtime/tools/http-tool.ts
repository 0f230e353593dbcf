/*
 * Threat model: an answer comes from a stranger. It is bounded, its redirects stay at the same place (another one would get the secrets of
 * the request), and the secrets that went out are struck from it before the LLM, the journal or a log sees it.
 */
import type { JsonObject } from '../../core/json.ts'
import { renderRequest, type RenderedRequest } from '../../core/tools/render-request.ts'
import type { KnownTool } from '../../core/tools/tool.ts'
import { networkFailure } from '../providers/network-failure.ts'
import { spellingsOf, strike } from '../providers/strike.ts'
import { BodyTooLong, MOST_BYTES, readBody } from './read-body.ts'
import { failed, type ToolResult } from './tool-result.ts'

type HttpTool = Extract<KnownTool, { type: 'http' }>
export type HttpOptions = Readonly<{
  variables: JsonObject
  secrets: Readonly<Record<string, string>>
  idempotency_key: string
  signal: AbortSignal
}>

const MOST_REDIRECTS = 3

/** Throws only what aborting the signal makes it throw. */
export async function runHttpTool(tool: HttpTool, given: JsonObject, options: HttpOptions): Promise<ToolResult> {
  const { variables, secrets, idempotency_key, signal } = options
  const rendered = renderRequest(tool, { arguments: given, variables, secrets })
  if (!rendered.ok) return failed(rendered.problem, rendered.hint)
  const { request } = rendered
  const keys = request.confidential.flatMap(spellingsOf)
  try {
    const response = await follow({ ...request, headers: { 'Idempotency-Key': idempotency_key, ...request.headers } }, signal)
    if (typeof response === 'string')
      return failed(`${nameOf(tool)} ${response}`, 'Write the address that it leads to into the tool.')
    const body = await readBody(response, (text) => strike(text, keys))
    const { status } = response
    if (response.ok) return { outcome: 'ok', result: body, status }
    const said = `${nameOf(tool)} answered ${status}${reasonOf(status)}`
    return failed(said, hintOf(status), { status, result: body === null ? { error: said } : { error: said, answer: body } })
  } catch (cause) {
    if (signal.aborted) throw cause
    if (cause instanceof BodyTooLong)
      return failed(`${nameOf(tool)} answered more than ${MOST_BYTES / 1024} KB`, 'Ask for less: a tool is for what can be said.')
    return failed(`${nameOf(tool)} ${unreachable(cause)}`, 'Is the address of the tool right, and is its server running?')
  }
}

const nameOf = ({ name }: HttpTool): string => `The tool "${name}"`

/** The answer, or why a redirect was not followed. */
async function follow(request: RenderedRequest, signal: AbortSignal): Promise<Response | string> {
  let { url, method, body } = request
  for (let left = MOST_REDIRECTS; ; left--) {
    const response = await fetch(url, {
      method,
      headers: request.headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    await response.body?.cancel()
    const next = URL.parse(location, url)
    if (!next || next.origin !== new URL(url).origin) return 'is redirected to another server'
    if (left === 0) return 'is redirected again and again'
    url = next.href
    if (response.status === 303 || (response.status < 303 && method === 'POST')) {
      method = 'GET'
      body = undefined
    }
  }
}

const REASONS: Readonly<Record<number, string>> = {
  400: ' (it does not accept the arguments)',
  401: ' (it wants a valid key)',
  403: ' (it is not allowed)',
  404: ' (there is no such thing)',
  409: ' (it contradicts what is there)',
  422: ' (it does not accept the arguments)',
  429: ' (too many requests for now)',
}
const reasonOf = (status: number): string => REASONS[status] ?? (status >= 500 ? ' (it has a fault of its own)' : '')

const hintOf = (status: number): string =>
  status === 401 || status === 403
    ? 'Look at the secrets and headers of the tool.'
    : status >= 500
      ? 'Look at the log of its server.'
      : 'Look at the arguments and at the request template of the tool.'

const UNREACHABLE = {
  offline: 'was not asked: Greenroom is offline',
  refused: 'cannot be reached: nothing answers there',
  'unknown host': 'cannot be reached: there is no such host',
  'not secure': 'cannot be reached: there is no secure connection to it',
  dropped: 'broke off: its connection was cut',
  'no network': 'cannot be reached: there is no network',
} as const
const unreachable = (cause: unknown): string => UNREACHABLE[networkFailure(cause) ?? 'refused']
