/*
 * Threat model: somebody with access to the database changes or removes history. Each row's hash covers the row before it, so that any
 * change shows from there on; the tenant's counter knows how many there were, so that missing newest rows show as well unless somebody
 * changes both.
 */
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import * as z from 'zod'
import { DocumentJson } from '../../../core/contract/agents.ts'
import { AuditRow } from '../../../core/contract/audit.ts'
import type { AuditEntry, AuditReads } from '../../../core/store/audit.ts'
import { table } from './table.ts'
import type { TenantRows } from './tenant-rows.ts'
import type { Write } from './write.ts'

const NOTHING_BEFORE = '0'.repeat(64)
const VERIFY_PAGE = 1000

const AUDIT = table('audit', AuditRow, ({ seq }) => [seq])
const AUDIT_TOP = table('audit_tops', z.object({ seq: z.int(), hash: z.string() }), () => ['top'])

/** In the same commit as the changes that it tells of. */
export async function appendAudit({ unit, scope, at }: Write, entry: AuditEntry): Promise<void> {
  const { tenant_id, user_id } = scope
  const top = await unit.find(AUDIT_TOP, tenant_id, ['top'])
  const detail = DocumentJson.parse(entry.detail)
  const link = { ...entry, detail, seq: (top?.seq ?? 0) + 1, at, actor: user_id, previous_hash: top?.hash ?? NOTHING_BEFORE }
  const hash = hashOf(tenant_id, link)
  unit.put(AUDIT, tenant_id, { ...link, hash })
  unit.put(AUDIT_TOP, tenant_id, { seq: link.seq, hash })
}

export function auditReads(rows: TenantRows): AuditReads {
  const list = (tenant_id: string, after: number, limit: number) =>
    rows.many(AUDIT, tenant_id, { seq: { $gt: after } }, { sort: { seq: 1 }, limit })
  return {
    list: ({ tenant_id }, after, limit) => list(tenant_id, after, limit),
    findBreak: async ({ tenant_id }) => {
      const top = await rows.one(AUDIT_TOP, tenant_id, ['top'])
      let previous = { seq: 0, hash: NOTHING_BEFORE }
      for (;;) {
        const page = await list(tenant_id, previous.seq, VERIFY_PAGE)
        for (const { hash, ...link } of page) {
          const follows = link.seq === previous.seq + 1 && link.previous_hash === previous.hash
          if (!follows || hashOf(tenant_id, link) !== hash) return link.seq
          previous = { seq: link.seq, hash }
        }
        if (page.length < VERIFY_PAGE) return previous.seq < (top?.seq ?? 0) ? previous.seq + 1 : undefined
      }
    },
  }
}

const hashOf = (tenant_id: string, link: Omit<AuditRow, 'hash'>): string =>
  createHash('sha256')
    .update(canonicalize({ ...link, tenant_id }) ?? '')
    .digest('hex')
type AuditRow = z.infer<typeof AuditRow>
