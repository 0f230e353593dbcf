import type { DocumentJson } from '../../core/contract/index.ts'
import { isJsonObject } from '../../core/json.ts'

export type JsonValue = DocumentJson[string]
export type Path = readonly (string | number)[]

/** What stands at `path` of a document that may be invalid; undefined when the way there is not there. */
export function valueAt(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(value) && typeof key === 'number') return valueAt(value[key], rest)
  if (isObject(value) && typeof key === 'string' && Object.hasOwn(value, key)) return valueAt(value[key], rest)
  return undefined
}

const isObject = (value: JsonValue | undefined): value is { [key: string]: JsonValue } => isJsonObject(value)

/** A copy with `next` at `path`; undefined removes the key. Everything off the path stays as it is, unknown keys too. */
export function withValueAt(document: DocumentJson, path: Path, next: JsonValue | undefined): DocumentJson {
  const changed = replace(document, path, next)
  return isObject(changed) ? changed : document
}

function replace(value: JsonValue | undefined, path: Path, next: JsonValue | undefined): JsonValue | undefined {
  const [key, ...rest] = path
  if (key === undefined) return next
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    const item = replace(list[key], rest, next)
    if (item === undefined) list.splice(key, 1)
    else list[key] = item
    return list
  }
  const object = isObject(value) ? value : {}
  const item = replace(Object.hasOwn(object, key) ? object[key] : undefined, rest, next)
  if (item === undefined) {
    const { [key]: _gone, ...others } = object
    return others
  }
  return { ...object, [key]: item }
}

export const textAt = (document: DocumentJson, path: Path): string => {
  const value = valueAt(document, path)
  return typeof value === 'string' ? value : ''
}

/** The path that a problem's JSON pointer (RFC 6901) names. */
export const pointerParts = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
