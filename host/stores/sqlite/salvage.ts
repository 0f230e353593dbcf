import SqliteDatabase, { SqliteError, type Database, type Statement } from 'better-sqlite3'

/** What came out of one table; `complete` is false when something in it could not be read. */
export type Salvaged = Readonly<{ table: string; rows: number; complete: boolean }>

type Row = Readonly<Record<string, unknown>>
/** False for a row that is not what was written. */
export type AcceptsRow = (row: Row) => boolean

const BATCH = 200
/** How far to look for the next row that can be read after one that cannot. */
const LONGEST_GAP = 20_000

/** Copies every row that can be read into the same tables of `target`; rows that are there already stay. */
export function salvage(
  file: string,
  target: Database,
  wanted: (table: string) => boolean,
  accepts: AcceptsRow,
): readonly Salvaged[] {
  const tables = tablesOf(target).filter(({ table }) => wanted(table))
  const unread = tables.map(({ table }): Salvaged => ({ table, rows: 0, complete: false }))
  return attempt(() => {
    const source = new SqliteDatabase(file)
    // Reads on where SQLite otherwise refuses the whole file, as when its end is cut off.
    source.unsafeMode(true).pragma('writable_schema = on')
    try {
      return target.transaction(() => tables.map((table) => copyTable(source, target, table, accepts)))()
    } finally {
      source.close()
    }
  }, unread)
}

function copyTable(source: Database, target: Database, { table, parent }: Table, accepts: AcceptsRow): Salvaged {
  const shared = attempt(() => columnsOf(source, table), []).filter((column) => columnsOf(target, table).includes(column))
  if (shared.length === 0) return { table, rows: 0, complete: false }
  const names = shared.map((column) => `"${column}"`).join(', ')
  const put = target.prepare(
    `insert or ignore into "${table}" (${names}) values (${shared.map((column) => `@${column}`).join(', ')})`,
  )
  const key = keyOf(target, table)
  const parts = parent && parent.column === key?.[0] ? valuesOf(target, parent.table, parent.key) : []
  const read = key ? readByKey(source, { table, names, key }, parts) : readRows(source, table, names)
  let rows = 0
  let refused = 0
  for (const row of read.rows) {
    const change = accepts(row) ? attempt(() => put.run(row).changes, undefined) : undefined
    if (change === undefined) refused += 1
    else rows += change
  }
  return { table, rows, complete: read.complete && refused === 0 }
}

/** In order of rowid, stepping over what is damaged. */
function readRows(source: Database, table: string, names: string): { rows: Row[]; complete: boolean } {
  const next = attempt(() => source.prepare<[number, number], Row>(nextSql(table, names)), undefined)
  const one = attempt(() => source.prepare<[number], Row>(`select ${names} from "${table}" where rowid = ?`), undefined)
  if (!next || !one) return { rows: [], complete: false }
  const rows: Row[] = []
  let last = Number.MIN_SAFE_INTEGER
  let complete = true
  for (;;) {
    const batch = attempt(() => next.all(last, BATCH), undefined) ?? attempt(() => next.all(last, 1), undefined)
    if (batch?.length === 0) return { rows, complete }
    const inOrder = ascending(batch ?? [], last)
    rows.push(...inOrder.map(withoutRowid))
    last = rowidOf(inOrder.at(-1)) ?? last
    if (batch && inOrder.length === batch.length) continue
    complete = false
    const found = findReadable(one, Math.max(last, 0))
    if (!found.row) return { rows, complete }
    rows.push(found.row)
    last = found.rowid
  }
}

const nextSql = (table: string, names: string): string =>
  `select rowid as salvaged_rowid, ${names} from "${table}" where rowid > ? order by rowid limit ?`

/**
 * What stands before the first row that is not behind the one before it. A damaged page may lead back to where the reading has been:
 * whoever followed it would read the same rows for ever.
 */
function ascending(batch: readonly Row[], after: number): readonly Row[] {
  const end = batch.findIndex((row, index) => !((rowidOf(row) ?? after) > (rowidOf(batch[index - 1]) ?? after)))
  return end === -1 ? batch : batch.slice(0, end)
}

function rowidOf(row: Row | undefined): number | undefined {
  return row && Number(row['salvaged_rowid'])
}

function findReadable(one: Statement<[number], Row>, after: number): { row?: Row; rowid: number } {
  // Above it, the number after a number is the same number.
  const end = Math.min(after + LONGEST_GAP, Number.MAX_SAFE_INTEGER)
  for (let rowid = after + 1; rowid <= end; rowid += 1) {
    const row = attempt(() => one.get(rowid), undefined)
    if (row !== undefined) return { row, rowid }
  }
  return { rowid: end }
}

const withoutRowid = ({ salvaged_rowid: _, ...row }: Row): Row => row

type Keyed = Readonly<{ table: string; names: string; key: readonly string[] }>

/**
 * A table without rowids has no places to step over: it is read from both ends up to what is damaged, and for each of `parts` (values of
 * the key's first column) anew, so that damage in one of them hides no other.
 */
function readByKey(
  source: Database,
  { table, names, key }: Keyed,
  parts: readonly unknown[],
): { rows: Row[]; complete: boolean } {
  const sqlFor = (where: string, direction: string) =>
    `select ${names} from "${table}" ${where} order by ${key.map((column) => `"${column}" ${direction}`).join(', ')}`
  const fromBothEnds = (where: string, values: readonly unknown[]) => {
    const forward = readUntilDamage(source, sqlFor(where, 'asc'), values)
    if (forward.complete) return forward
    return { rows: [...forward.rows, ...readUntilDamage(source, sqlFor(where, 'desc'), values).rows], complete: false }
  }
  const whole = fromBothEnds('', [])
  if (whole.complete) return whole
  return {
    rows: [...whole.rows, ...parts.flatMap((part) => fromBothEnds(`where "${key[0]}" = ?`, [part]).rows)],
    complete: false,
  }
}

const valuesOf = (database: Database, table: string, column: string): readonly unknown[] =>
  database.prepare<[], unknown>(`select "${column}" from "${table}"`).pluck().all()

function readUntilDamage(source: Database, sql: string, values: readonly unknown[]): { rows: Row[]; complete: boolean } {
  const rows: Row[] = []
  const complete = attempt(() => {
    for (const row of source.prepare<unknown[], Row>(sql).iterate(...values)) rows.push(row)
    return true
  }, false)
  return { rows, complete }
}

/** The columns that order a table without rowids; undefined for one that has them. */
function keyOf(database: Database, table: string): readonly string[] | undefined {
  const has = database.prepare<[string], number>("select wr from pragma_table_list where schema = 'main' and name = ?").pluck()
  if (has.get(table) !== 1) return undefined
  return database.prepare<[string], string>('select name from pragma_table_info(?) where pk > 0 order by pk').pluck().all(table)
}

/** `parent`: the table that `column` refers to by its `key`. */
type Table = Readonly<{ table: string; parent?: Readonly<{ column: string; table: string; key: string }> }>

/** Those that others refer to come first. What a virtual table keeps is made again from what it was made of. */
function tablesOf(database: Database): readonly Table[] {
  const names = database
    .prepare<[], string>(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' order by name",
    )
    .pluck()
    .all()
  const parentOf = database.prepare<[string], { column: string; table: string; key: string }>(
    'select "from" as column, "table", "to" as key from pragma_foreign_key_list(?) limit 1',
  )
  const tables = names.map((table): Table => {
    const parent = parentOf.get(table)
    return { table, ...(parent && { parent }) }
  })
  return [...tables.filter(({ parent }) => !parent), ...tables.filter(({ parent }) => parent)]
}

const columnsOf = (database: Database, table: string): string[] =>
  database
    .prepare<[string], { name: string }>('select name from pragma_table_info(?)')
    .all(table)
    .map(({ name }) => name)

/** Damage shows as an error of SQLite, anywhere; anything else is a bug of ours. */
function attempt<Value, Other>(read: () => Value, otherwise: Other): Value | Other {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof SqliteError) return otherwise
    throw cause
  }
}
