import type { Paged } from '../../core/store/agents.ts'
import type { PageOf } from '../../core/store/directory.ts'

const PAGE = 500

/** Every row of a list that is not long. */
export async function readAll<Row>(read: (page: PageOf) => Promise<Paged<Row>>): Promise<readonly Row[]> {
  const rows: Row[] = []
  let cursor: string | undefined
  do {
    const page = await read({ limit: PAGE, cursor })
    rows.push(...page.rows)
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return rows
}
