import { AuditRow } from '../../core/contract/audit.ts'
import type { FeedEntry } from '../../core/store/change-feed.ts'
import type { AuditReads } from '../../core/store/audit.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { HandlersOf } from '../handler.ts'
import type { AccessDeps } from './access-deps.ts'
import { createNextChanges } from './next-changes.ts'

const PAGE = 1000

/** Who changed what, and that something was changed. */
export function auditHandlers({
  store: { audit, feed },
}: Readonly<{ store: Pick<AccessDeps['store'], 'audit' | 'feed'> }>): HandlersOf<'audit.list' | 'audit.verify' | 'change.list'> {
  const nextChanges = createNextChanges(feed)
  return {
    'audit.list': async ({ after, limit }, { caller }) => {
      const rows = await audit.list(caller, after, limit + 1)
      return { rows: rows.slice(0, limit).map((row) => AuditRow.parse(row)), more: rows.length > limit }
    },
    'audit.verify': async (_input, { caller }) => {
      const broken_at = await audit.findBreak(caller)
      const { rows, last_hash } = await extent(audit, caller)
      return {
        ...{ intact: broken_at === undefined, rows },
        ...(last_hash !== undefined && { last_hash }),
        ...(broken_at !== undefined && { broken_at }),
      }
    },
    'change.list': async ({ since, limit, wait_ms }, { caller, signal }) =>
      listed(
        since === undefined || wait_ms === 0
          ? await feed.since(caller, since, limit)
          : await nextChanges(caller, { since, limit, wait_ms, signal }),
      ),
  }
}

const listed = ({ entries, token }: Readonly<{ entries: readonly FeedEntry[]; token: string }>) => ({
  entries: entries.map(({ kind, subject, at }) => ({ kind, subject, at })),
  token,
})

/** How long a chain is, and what it ends with: whoever keeps that elsewhere notices when its end is cut off. */
async function extent(audit: AuditReads, scope: TenantScope): Promise<Readonly<{ rows: number; last_hash?: string }>> {
  let rows = 0
  let last: Readonly<{ seq: number; hash: string }> | undefined
  for (;;) {
    const page = await audit.list(scope, last?.seq ?? 0, PAGE)
    rows += page.length
    last = page.at(-1) ?? last
    if (page.length < PAGE) return { rows, ...(last && { last_hash: last.hash }) }
  }
}
