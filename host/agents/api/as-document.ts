import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { JsonObject } from '../../../core/json.ts'

/** JSON that was made here is a document: the same values, which TypeScript knows by two names. */
export const asDocument = (value: JsonObject): DocumentJson => {
  if (isDocument(value)) return value
  throw new TypeError('a document is a JSON object')
}

const isDocument = (value: JsonObject): value is DocumentJson => typeof value === 'object'
