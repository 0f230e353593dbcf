/** Any JSON value, as parsed: what crosses a process, a file or the network before it is known to be more. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isJsonArray = (value: unknown): value is readonly Json[] => Array.isArray(value)

/** The value that `text` holds, or nothing when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isParsed(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What `JSON.parse` returns is JSON by construction; its declared type does not say so. */
const isParsed = (value: unknown): value is Json => value !== undefined
