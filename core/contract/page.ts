import * as z from 'zod'

/** Cursor lists, alike everywhere: `count` is of all matches, `next_cursor` is absent on the last page. */
export const PageQuery = z.object({
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().optional(),
})
