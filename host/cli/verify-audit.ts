import * as z from 'zod'
import { StudioError } from '../../core/contract/errors.ts'
import type { Say } from './access-commands.ts'
import type { ServerLink } from './server-link.ts'

const Verified = z.object({ intact: z.boolean(), rows: z.int(), last_hash: z.string().optional(), broken_at: z.int().optional() })
const Tenants = z.object({ tenants: z.array(z.object({ tenant_id: z.string() })), next_cursor: z.string().optional() })
type Verified = z.infer<typeof Verified>

/** The audit of the named tenant; without a name of every tenant, for an operator, and else of the key's own. 1 when one was changed. */
export async function verifyAudit(link: ServerLink, say: Say, tenant: string | undefined): Promise<number> {
  const all = tenant === undefined ? await allTenants(link) : undefined
  let code = 0
  for (const tenant_id of all ?? [tenant]) {
    const verified = Verified.parse(await link.call('audit.verify', {}, tenant_id))
    if (!say.json(all ? { tenant_id, ...verified } : verified)) say.text(`${all ? `${tenant_id}: ` : ''}${wordsOf(verified)}`)
    if (!verified.intact) code = 1
  }
  return code
}

/** Nothing: the key is of one tenant. */
async function allTenants(link: ServerLink): Promise<string[] | undefined> {
  const found: string[] = []
  let cursor: string | undefined
  try {
    do {
      const page = Tenants.parse(await link.call('tenant.list', { limit: 500, ...(cursor !== undefined && { cursor }) }))
      found.push(...page.tenants.map(({ tenant_id }) => tenant_id))
      cursor = page.next_cursor
    } while (cursor !== undefined)
  } catch (cause) {
    if (cause instanceof StudioError && cause.code === 'forbidden') return undefined
    throw cause
  }
  return found
}

const wordsOf = ({ intact, rows, last_hash = 'none', broken_at }: Verified): string =>
  intact
    ? `${rows} rows, each follows from the one before. Last hash: ${last_hash}`
    : `Row ${broken_at ?? '?'} does not follow from the one before it: something was changed or removed from there on.`
