import type { Key, Table } from './table.ts'
import { idOf } from './table.ts'
import { toMirrorId, type MirrorDocument, type MirrorId } from './mirror-document.ts'
import type { MirrorReads } from './mirror-reads.ts'
import type { RowOfTenant, TenantRows, Where } from './tenant-rows.ts'

/** A row that a commit writes; without `row` it is removed. */
export type RowWrite = Readonly<{ collection: string; tenant_id: string; id: string; row?: object }>
/** A document of the clients' collection that a commit writes; without `document` it is removed. `before`: as it was read. */
export type MirrorWrite = Readonly<{ id: MirrorId; document?: MirrorDocument; before?: MirrorDocument }>
export type Writes = Readonly<{ rows: readonly RowWrite[]; mirrors: readonly MirrorWrite[] }>

/** What the database has now, as far as a commit asks. */
export type UnitReads = Readonly<{ rows: TenantRows; mirrors: MirrorReads }>

type Entry = Readonly<{ tenant_id: string; collection: string; id: string; row: object | undefined; dirty: boolean }>

/**
 * The rows that one commit reads and writes: it sees its own writes, and nothing reaches the database before all of it is known. A part
 * of it (`part`) can fail and leave no trace.
 */
export class Unit {
  readonly #reads: UnitReads
  readonly #parent: Unit | undefined
  readonly #entries = new Map<string, Entry>()
  readonly #mirrors = new Map<MirrorId, MirrorWrite>()
  /** As they are in the database; null: not there. */
  readonly #mirrorsRead = new Map<MirrorId, MirrorDocument | null>()

  readonly #unmarkedRead = new Map<string, readonly MirrorDocument[]>()

  constructor(reads: UnitReads, parent?: Unit) {
    this.#reads = reads
    this.#parent = parent
  }

  get reads(): UnitReads {
    return this.#reads
  }

  async find<Row extends object>(table: Table<Row>, tenant_id: string, key: Key): Promise<Row | undefined> {
    const known = this.#known(table.name, idOf(tenant_id, key))
    if (known) return known.row && table.row.parse(known.row)
    const row = await this.#reads.rows.one(table, tenant_id, key)
    this.#keep(table, tenant_id, idOf(tenant_id, key), row)
    return row
  }

  /** Reads many at once, so that `find` asks for each of them no more. */
  async prefetch<Row extends object>(table: Table<Row>, tenant_id: string, keys: readonly Key[]): Promise<void> {
    const missing = keys.filter((key) => !this.#known(table.name, idOf(tenant_id, key)))
    for (const row of await this.#reads.rows.some(table, tenant_id, missing)) {
      this.#keep(table, tenant_id, idOf(tenant_id, table.key(row)), row)
    }
    for (const key of missing) {
      const id = idOf(tenant_id, key)
      if (!this.#known(table.name, id)) this.#keep(table, tenant_id, id, undefined)
    }
  }

  /** `where` asks the database, `matches` the same of what this commit has written. */
  async query<Row extends object>(
    table: Table<Row>,
    tenant_id: string,
    where: Where,
    matches: (row: Row) => boolean,
  ): Promise<readonly Row[]> {
    const found = new Map(
      (await this.#reads.rows.many(table, tenant_id, where)).map((row) => [idOf(tenant_id, table.key(row)), row]),
    )
    for (const entry of this.#written(table.name, tenant_id)) {
      if (entry.row) found.set(entry.id, table.row.parse(entry.row))
      else found.delete(entry.id)
    }
    return [...found.values()].filter(matches)
  }

  /** How many there are, with what this commit has written, without reading those that it has not. */
  async count<Row extends object>(
    table: Table<Row>,
    tenant_id: string,
    where: Where,
    matches: (row: Row) => boolean,
  ): Promise<number> {
    const written = new Map(this.#written(table.name, tenant_id).map((entry) => [entry.id, entry]))
    const there = await this.#reads.rows.count(table, tenant_id, where)
    const before = await this.#reads.rows.count(table, tenant_id, { $and: [where, { _id: { $in: [...written.keys()] } }] })
    const after = [...written.values()].filter(({ row }) => row && matches(table.row.parse(row))).length
    return there - before + after
  }

  /** Of every tenant. */
  async queryEverywhere<Row extends object>(
    table: Table<Row>,
    where: Where,
    matches: (row: Row) => boolean,
  ): Promise<readonly RowOfTenant<Row>[]> {
    const rows = await this.#reads.rows.everywhere(table, where)
    const found = new Map(rows.map((one) => [idOf(one.tenant_id, table.key(one.row)), one]))
    for (const { id, row, tenant_id } of this.#written(table.name)) {
      if (row) found.set(id, { tenant_id, row: table.row.parse(row) })
      else found.delete(id)
    }
    return [...found.values()].filter(({ row }) => matches(row))
  }

  put<Row extends object>(table: Table<Row>, tenant_id: string, row: Row): void {
    const id = idOf(tenant_id, table.key(row))
    this.#entries.set(`${table.name} ${id}`, { tenant_id, collection: table.name, id, row, dirty: true })
  }

  remove<Row extends object>(table: Table<Row>, tenant_id: string, key: Key): void {
    const id = idOf(tenant_id, key)
    this.#entries.set(`${table.name} ${id}`, { tenant_id, collection: table.name, id, row: undefined, dirty: true })
  }

  writeMirror(write: MirrorWrite): void {
    this.#mirrors.set(write.id, write)
  }

  mirrorWrite(id: MirrorId): MirrorWrite | undefined {
    return this.#mirrors.get(id) ?? this.#parent?.mirrorWrite(id)
  }

  /** The clients' document as it is, or as this commit writes it. */
  async mirror(id: MirrorId): Promise<MirrorDocument | undefined> {
    const written = this.mirrorWrite(id)
    if (written) return written.document
    await this.prefetchMirrors([id])
    return this.#mirrorRead(id) ?? undefined
  }

  async prefetchMirrors(ids: readonly MirrorId[]): Promise<void> {
    const missing = ids.filter((id) => this.#mirrorRead(id) === undefined)
    if (missing.length === 0) return
    for (const id of missing) this.#mirrorsRead.set(id, null)
    for (const found of await this.#reads.mirrors.byId(missing)) this.#mirrorsRead.set(toMirrorId(found._id), found)
  }

  /** Documents that others have put there under this name, and that no agent has come of. */
  async unmarked(agent_id: string): Promise<readonly MirrorDocument[]> {
    await this.prefetchUnmarked([agent_id])
    return this.#unmarked(agent_id) ?? []
  }

  async prefetchUnmarked(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.#unmarked(name))
    if (missing.length === 0) return
    const found = await this.#reads.mirrors.unmarked(missing)
    for (const name of missing) {
      const named = found.filter(({ agent_id, name: called }) => (agent_id ?? called) === name)
      this.#unmarkedRead.set(name, named)
    }
  }

  #unmarked(name: string): readonly MirrorDocument[] | undefined {
    const own = this.#unmarkedRead.get(name)
    return own ?? (this.#parent ? this.#parent.#unmarked(name) : undefined)
  }

  #mirrorRead(id: MirrorId): MirrorDocument | null | undefined {
    const found = this.#mirrorsRead.get(id)
    return found === undefined && this.#parent ? this.#parent.#mirrorRead(id) : found
  }

  /** All of `work` or nothing of it. */
  async part<Value>(work: (unit: Unit) => Promise<Value>): Promise<Value> {
    const child = new Unit(this.#reads, this)
    const value = await work(child)
    for (const [key, entry] of child.#entries) this.#entries.set(key, entry)
    for (const [key, write] of child.#mirrors) this.#mirrors.set(key, write)
    for (const [id, found] of child.#mirrorsRead) this.#mirrorsRead.set(id, found)
    return value
  }

  get writes(): Writes {
    const rows = [...this.#entries.values()].filter(({ dirty }) => dirty)
    return {
      rows: rows.map(({ collection, tenant_id, id, row }) => ({ collection, tenant_id, id, ...(row && { row }) })),
      mirrors: [...this.#mirrors.values()].map((write) => {
        const before = this.#mirrorRead(write.id)
        return { ...write, ...(before && { before }) }
      }),
    }
  }

  #known(collection: string, id: string): Entry | undefined {
    const own = this.#entries.get(`${collection} ${id}`)
    return own ?? (this.#parent ? this.#parent.#known(collection, id) : undefined)
  }

  #keep<Row extends object>({ name }: Table<Row>, tenant_id: string, id: string, row: Row | undefined): void {
    this.#entries.set(`${name} ${id}`, { tenant_id, collection: name, id, row, dirty: false })
  }

  /** Oldest first: what a part writes stands over what was written before. */
  #written(collection: string, tenant_id?: string): readonly Entry[] {
    const own = [...this.#entries.values()].filter(
      (entry) => entry.dirty && entry.collection === collection && (tenant_id === undefined || entry.tenant_id === tenant_id),
    )
    return this.#parent ? [...this.#parent.#written(collection, tenant_id), ...own] : own
  }
}
