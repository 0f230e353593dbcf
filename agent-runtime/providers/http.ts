import { HttpFailure } from './provider-failure.ts'
import { strike } from './strike.ts'

export type Request = Readonly<{
  url: string
  headers?: Readonly<Record<string, string>>
  /** Text is JSON. */
  body: string | FormData | Uint8Array<ArrayBuffer>
  signal: AbortSignal
}>

/** POSTs to a provider; throws HttpFailure with what it said when it refuses. */
export async function post({ url, headers = {}, body, signal }: Request): Promise<Response> {
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
  // A redirect could carry a key to another host.
  const response = await fetch(url, { method: 'POST', body, signal, headers: { ...type, ...headers }, redirect: 'manual' })
  if (response.ok) return response
  throw await refusalOf(response, headers)
}

/** What a provider said when it refused, with how long to wait if it said so; without the key that was sent. */
export async function refusalOf(response: Response, sent: Readonly<Record<string, string>> = {}): Promise<HttpFailure> {
  const retry = Number(response.headers.get('retry-after'))
  return new HttpFailure(response.status, reasonOf(await firstOf(response), sent), retry > 0 ? retry * 1000 : undefined)
}

/** Nobody explains a refusal at greater length, and what has no end must not fill the memory. */
const MOST_CHARACTERS = 16_000

async function firstOf(response: Response): Promise<string> {
  let text = ''
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    if (text.length >= MOST_CHARACTERS) break
  }
  return text.slice(0, MOST_CHARACTERS)
}

export const bearer = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` }

/** `{"error": {"message": …}}` as most say it, `{"detail": …}` as some, or the first words of whatever else came; without the key that was sent. */
export function reasonOf(text: string, sent: Readonly<Record<string, string>> = {}): string {
  const named = ['message', 'detail', 'error'].map((name) => textAt(text, name)).find((words) => words)
  const words = named ?? text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  return strike(words.trim(), keysIn(sent)).slice(0, 300)
}

const textAt = (text: string, name: string): string | undefined =>
  new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(text)?.[1]

const keysIn = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).flatMap(([name, value]) => (/auth|key|token/i.test(name) ? value.replace(/^\w+ /, '') : []))
