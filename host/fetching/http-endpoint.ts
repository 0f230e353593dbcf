import { StudioError } from '../../core/contract/errors.ts'

/** An address and what is sent to it. Names and passwords that stood in the address are in the headers, and are never shown. */
export type Endpoint = Readonly<{ url: URL; headers: Readonly<Record<string, string>> }>

/** Throws StudioError when it is no address. */
export function endpointOf(address: string): Endpoint {
  if (!URL.canParse(address))
    throw new StudioError('malformed', 'The mirror is not an address or a folder', 'Write it as https://… or as a path.')
  const url = new URL(address)
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (username === '' && password === '') return { url, headers: {} }
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')
  return { url, headers: { authorization: `Basic ${login}` } }
}

/** A link of `from`'s page; the login goes along to the same origin only. */
export function linkFrom(from: Endpoint, link: string): Endpoint {
  const url = new URL(link, from.url)
  url.hash = ''
  return { url, headers: url.origin === from.url.origin ? from.headers : {} }
}

/** `path` below the endpoint, whose own path counts as a folder. */
export function below({ url, headers }: Endpoint, path: string): Endpoint {
  const folder = url.pathname.endsWith('/') ? url.href : `${url.href}/`
  return { url: new URL(path.split('/').map(encodeURIComponent).join('/'), folder), headers }
}

/** Without a query, which may hold a signature. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`

/** A status that no repeat will change. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number) {
    super(`the server answered ${status}`)
    this.status = status
  }
}

/** Throws Refused for 4xx (except the ones that pass), and an Error for what may go better next time. */
export async function request(
  { url, headers }: Endpoint,
  signal: AbortSignal,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<Response> {
  const response = await fetch(url, { headers, signal, method })
  if (response.ok) return response
  await response.body?.cancel()
  const { status } = response
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw new Refused(status)
  throw new Error(`the server answered ${status}`)
}
