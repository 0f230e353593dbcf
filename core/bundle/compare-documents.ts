import type { DocumentJson } from '../contract/agents.ts'
import { toPointer } from '../contract/errors.ts'
import { isJsonObject } from '../json.ts'

type Json = DocumentJson[string]

/** One difference; an absent side means that nothing is there. */
export type DocumentChange = Readonly<{ path: string; before?: Json; after?: Json }>

/** Where two documents differ, by JSON pointer, as deep as objects go; lists of one length are compared item by item. */
export function compareDocuments(before: Json, after: Json, path: readonly string[] = []): DocumentChange[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return keys.flatMap((key) => compareSides(own(before, key), own(after, key), [...path, key]))
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => compareDocuments(item, after[index] ?? null, [...path, String(index)]))
  }
  return before === after ? [] : [{ path: toPointer(path), before, after }]
}

function compareSides(before: Json | undefined, after: Json | undefined, path: readonly string[]): DocumentChange[] {
  if (before === undefined) return after === undefined ? [] : [{ path: toPointer(path), after }]
  return after === undefined ? [{ path: toPointer(path), before }] : compareDocuments(before, after, path)
}

const own = (value: DocumentJson, key: string): Json | undefined => (Object.hasOwn(value, key) ? value[key] : undefined)
