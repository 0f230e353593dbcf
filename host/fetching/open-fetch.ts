import type { GuardedFetch } from './guarded-fetch.ts'

/** The same for whom every address is allowed: with the platform's own `fetch`, which goes through a proxy where one is set. */
export const createOpenFetch =
  (most_bytes: number): GuardedFetch =>
  async (address, { method = 'GET', headers, body, redirects = 0, signal }) => {
    const redirect = redirects > 0 ? 'follow' : 'manual'
    const response = await fetch(address, {
      ...{ method, signal, redirect },
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    })
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await readUpTo(response, most_bytes) }
  }

async function readUpTo(response: Response, most_bytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  const body: AsyncIterable<Uint8Array> | null = response.body
  for await (const chunk of body ?? []) {
    chunks.push(chunk.subarray(0, most_bytes - size))
    size += chunk.byteLength
    if (size >= most_bytes) break
  }
  return Buffer.concat(chunks)
}
