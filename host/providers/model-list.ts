/**
 * Asks a provider for the models that it lists. Threat: the answer comes from anywhere, and the request carries a key. A redirect is not
 * followed (it could carry the key elsewhere), an answer is read up to a limit, and no error repeats what the provider said.
 */
import type { ReadableStream } from 'node:stream/web'
import type { ModelsEndpoint } from '../../core/providers/index.ts'
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../core/json.ts'
import { listFailure, type Asked } from './list-failure.ts'

const WITHIN_MS = 8000
const MOST_BYTES = 8_000_000
const LONGEST_NAME = 200

export type ModelListRequest = Asked & Readonly<{ endpoint: ModelsEndpoint; base_url: string; key: string | undefined }>

/** The names in the provider's own order. Throws `provider_failed` in plain words. */
export async function fetchModelList(request: ModelListRequest, signal: AbortSignal, within_ms = WITHIN_MS): Promise<string[]> {
  const { endpoint, base_url, key } = request
  const url = base_url.replace(/\/+$/, '') + endpoint.path
  const patience = AbortSignal.timeout(within_ms)
  try {
    const headers = { accept: 'application/json', ...endpoint.headers, ...authorization(endpoint.auth, key) }
    const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.any([signal, patience]) })
    if (!response.ok) throw listFailure(request, { status: response.status })
    const names = namesIn(parseJson(await readText(response)), endpoint)
    if (!names) throw listFailure(request, 'unreadable')
    return names
  } catch (cause) {
    signal.throwIfAborted()
    throw patience.aborted ? listFailure(request, 'silent') : listFailure(request, cause)
  }
}

function authorization(auth: ModelsEndpoint['auth'], key: string | undefined): Record<string, string> {
  if (key === undefined || auth === 'none') return {}
  if (auth === 'bearer') return { authorization: `Bearer ${key}` }
  if (auth === 'token') return { authorization: `Token ${key}` }
  return { [auth]: key }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const body: ReadableStream<Uint8Array> | null = response.body
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Undefined when the answer is not such a list. */
function namesIn(answer: Json | undefined, { list, id, strip }: ModelsEndpoint): string[] | undefined {
  const items = list === '' ? answer : list.split('.').reduce(inside, answer)
  if (!isJsonArray(items)) return undefined
  const names = items.flatMap((item): string[] => {
    const name = typeof item === 'string' ? item : inside(item, id)
    if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) return []
    return [strip !== undefined && name.startsWith(strip) ? name.slice(strip.length) : name]
  })
  return [...new Set(names)]
}

const inside = (value: Json | undefined, key: string): Json | undefined =>
  isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
