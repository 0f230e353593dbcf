/*
 * Threat model: somebody with access to the file changes or removes history. Each row's hash covers the row before it, so that any
 * change shows from there on; removing the newest rows does not show, for which the last hash must be kept elsewhere.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import type { Selectable } from 'kysely'
import * as z from 'zod'
import type { AuditEntry, AuditRow } from '../../../core/store/audit.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import type { Write } from './write.ts'

/** What the first row of a chain stands on. */
const NOTHING_BEFORE = '0'.repeat(64)
const VERIFY_PAGE = 1000
const Detail = z.record(z.string(), z.json())

export async function appendAudit({ db, scope, at }: Write, entry: AuditEntry): Promise<void> {
  const last = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('tenant_id', '=', scope.tenant_id)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const link = { ...entry, seq: (last?.seq ?? 0) + 1, at, actor: scope.user_id, previous_hash: last?.hash ?? NOTHING_BEFORE }
  const hash = hashOf(scope.tenant_id, link)
  await db
    .insertInto('audit')
    .values({ ...link, tenant_id: scope.tenant_id, detail: JSON.stringify(link.detail), hash })
    .execute()
}

export async function listAudit(db: StudioDb, tenant_id: string, after: number, limit: number): Promise<readonly AuditRow[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

export async function findAuditBreak(db: StudioDb, tenant_id: string): Promise<number | undefined> {
  let previous = { seq: 0, hash: NOTHING_BEFORE }
  for (;;) {
    const rows = await listAudit(db, tenant_id, previous.seq, VERIFY_PAGE)
    for (const { hash, ...link } of rows) {
      const follows = link.seq === previous.seq + 1 && link.previous_hash === previous.hash
      if (!follows || hashOf(tenant_id, link) !== hash) return link.seq
      previous = { seq: link.seq, hash }
    }
    if (rows.length < VERIFY_PAGE) return undefined
  }
}

const hashOf = (tenant_id: string, link: Omit<AuditRow, 'hash'>): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalize({ ...link, tenant_id }) ?? '')))

const fromRow = ({ tenant_id: _, detail, ...row }: Selectable<StudioSchema['audit']>): AuditRow => ({
  ...row,
  detail: Detail.parse(JSON.parse(detail)),
})
