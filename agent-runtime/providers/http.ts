import type { ReadableStream } from 'node:stream/web'
import { HttpFailure, SilentProvider } from './provider-failure.ts'
import { strike } from './strike.ts'
import type { SpokenChunk } from './tts/voice.ts'

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
  const retry = Number(response.headers.get('retry-after'))
  throw new HttpFailure(response.status, reasonOf(await response.text(), headers), retry > 0 ? retry * 1000 : undefined)
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

/** A time-out of the whole request would cut long answers: only the beginning is waited for. Throws SilentProvider. */
export async function withPatience<Answer>(
  patience_ms: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(new SilentProvider(patience_ms)), patience_ms)
  try {
    return await ask(AbortSignal.any([signal, patience.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** PCM16 mono as it comes; a sample may be cut in two by the network. */
export async function* pcmOf(response: Response, sample_rate: number): AsyncGenerator<SpokenChunk> {
  const body: ReadableStream<Uint8Array> | null = response.body
  let odd = new Uint8Array(0)
  for await (const bytes of body ?? []) {
    const all = new Uint8Array(odd.length + bytes.length)
    all.set(odd)
    all.set(bytes, odd.length)
    const whole = all.length - (all.length % 2)
    odd = all.slice(whole)
    if (whole > 0) yield { sample_rate, pcm: new Int16Array(all.buffer.slice(0, whole)) }
  }
}
