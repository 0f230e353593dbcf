import type { ReadableStream } from 'node:stream/web'
import { HttpFailure, SilentProvider } from './provider-failure.ts'
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
  throw new HttpFailure(response.status, reasonOf(await response.text()), retry > 0 ? retry * 1000 : undefined)
}

export const bearer = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : { authorization: `Bearer ${key}` }

/** `{"error": {"message": …}}` as most say it, or the first words of whatever else came. */
function reasonOf(text: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  return (message ?? text).slice(0, 300)
}

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
