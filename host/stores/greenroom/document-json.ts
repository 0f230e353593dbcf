import * as z from 'zod'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** What JSON.parse gave is JSON all the way down: looking at the outermost value is enough, and does not copy documents. */
export const AnyJson = z.custom<Json>((value) => value !== undefined)
export const AnyObject = z.custom<JsonObject>((value) => isJsonObject(value), 'must be an object')
export const AnyDocument = z.custom<DocumentJson>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)
