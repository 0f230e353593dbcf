import { parseJson, type Json } from '../../core/json.ts'

/** What an LLM can make use of is far less; what has no end must not fill the memory. */
export const MOST_BYTES = 256 * 1024

export class BodyTooLong extends Error {}

async function* bytesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body) yield* body
}

/** The body as JSON where it is JSON, else as text. Throws BodyTooLong. `tidy` goes over the text before it is read. */
export async function readBody(response: Response, tidy: (text: string) => string): Promise<Json> {
  const type = response.headers.get('content-type') ?? ''
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of bytesOf(response)) {
    bytes += part.byteLength
    if (bytes > MOST_BYTES) throw new BodyTooLong()
    parts.push(part)
  }
  if (bytes === 0) return null
  if (/^(?:image|audio|video|font)\/|octet-stream|\/pdf|\/zip/i.test(type)) return `${bytes} bytes of ${tidy(type.slice(0, 100))}`
  const text = tidy(Buffer.concat(parts).toString('utf8'))
  const value = parseJson(text)
  if (value === undefined) return text
  // What JSON has escaped is seen only now.
  return text.includes('\\') ? (parseJson(tidy(JSON.stringify(value))) ?? text) : value
}
