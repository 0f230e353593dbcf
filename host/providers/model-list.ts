/**
 * Asks a provider for the models that it lists. Threat: the answer comes from anywhere, and the request carries a key. A redirect is not
 * followed (it could carry the key elsewhere), an answer is read up to a limit, and no error repeats what the provider said.
 */
import type { ModelsEndpoint } from '../../core/providers/index.ts'
import { isJsonArray, isJsonObject, parseJson, type Json } from '../../core/json.ts'
import type { GuardedFetch } from '../fetching/guarded-fetch.ts'
import { listFailure, type Asked } from './list-failure.ts'

const WITHIN_MS = 8000
const LONGEST_NAME = 200

/** `fetch`: as far as whoever named the address may reach. */
export type ModelListRequest = Asked &
  Readonly<{ endpoint: ModelsEndpoint; base_url: string; key: string | undefined; fetch: GuardedFetch }>

/** The names in the provider's own order. Throws `provider_failed` in plain words. */
export async function fetchModelList(request: ModelListRequest, signal: AbortSignal, within_ms = WITHIN_MS): Promise<string[]> {
  const { endpoint, base_url, key } = request
  const url = base_url.replace(/\/+$/, '') + endpoint.path
  const patience = AbortSignal.timeout(within_ms)
  try {
    const headers = { accept: 'application/json', ...endpoint.headers, ...authorization(endpoint.auth, key) }
    const { status, body } = await request.fetch(url, { headers, signal: AbortSignal.any([signal, patience]) })
    if (status < 200 || status > 299) throw listFailure(request, { status })
    const names = namesIn(parseJson(body.toString('utf8')), endpoint)
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
