import type { JsonObject } from '../json.ts'
import { fromFormat0 } from './migrations/0-to-1.ts'

/** One step per format, in order: `STEPS[n]` reads format n and gives n + 1. Append only. */
const STEPS: readonly ((document: JsonObject) => JsonObject)[] = [fromFormat0]

/** A document of the present format. One without `format` is of the time before there was one: format 0. */
export function migrateDocument(document: JsonObject): JsonObject {
  const format = document['format'] ?? 0
  if (typeof format !== 'number' || !Number.isInteger(format) || format < 0) return document
  return STEPS.slice(format).reduce((current, step) => step(current), document)
}
