import * as z from 'zod'
import type { Json } from '../json.ts'

/** No reply is longer; and whoever makes an example up has to make this much. */
const LONGEST_LEAST = 20_000
const MOST_LEAST = 1000

export const FieldConstraints = z.looseObject({
  ge: z.number().optional(),
  gt: z.number().optional(),
  le: z.number().optional(),
  lt: z.number().optional(),
  multiple_of: z.number().positive().optional(),
  min_length: z.int().min(0).max(LONGEST_LEAST).optional(),
  max_length: z.int().min(0).optional(),
  pattern: z.string().optional(),
  min_items: z.int().min(0).max(MOST_LEAST).optional(),
  max_items: z.int().min(0).optional(),
})
export type FieldConstraints = Readonly<z.infer<typeof FieldConstraints>>

/** What decides whether a value fits a field; a whole `Field` of the document is one. */
export type FieldRule = Readonly<{
  field_name: string
  field_type: string
  required: boolean
  default?: Json | undefined
  constraints: FieldConstraints
}>
