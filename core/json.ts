/** Any JSON value, as parsed: what crosses a process, a file or the network before it is known to be more. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isJsonArray = (value: unknown): value is readonly Json[] => Array.isArray(value)

/** Deeper than any agent or input; what follows a value down to its leaves by recursion is safe within it. */
export const MOST_LEVELS = 60

/** Whether objects and lists lie in each other more than `levels` deep, found without following them all the way. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let layer = [value].filter(isNested)
  for (let level = 0; layer.length > 0; level += 1) {
    if (level >= levels) return true
    layer = layer.flatMap(itemsOf).filter(isNested)
  }
  return false
}

/** More than any agent has; each costs time wherever a document is looked at. */
export const MOST_VALUES = 50_000

/** Whether objects and lists hold more than `most` values in all, found without counting further. */
export function hasMoreValuesThan(value: unknown, most: number): boolean {
  const open = [value]
  let count = 0
  while (open.length > 0) {
    const items = itemsOf(open.pop())
    count += items.length
    if (count > most) return true
    for (const item of items) if (isNested(item)) open.push(item)
  }
  return false
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null
const itemsOf = (value: unknown): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : [])

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
