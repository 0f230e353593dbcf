/**
 * Whose a job is. Threat: whoever can make a token for a LiveKit server that tenants share could ask for the agents of any of them, and pay
 * with their keys. So the tenant comes from a claim that this server signed when it made the token, from the connection when that is one
 * tenant's own, and otherwise from the worker's settings; what metadata says of a tenant is compared with it, and never followed.
 */
import type { JobOffer } from '../../core/contract/worker.ts'
import { isJsonObject, parseJson } from '../../core/json.ts'
import type { RouteDecision } from '../../core/routing/decision.ts'
import { ROUTE_RULES } from '../../core/routing/decision.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { CLAIM, readClaim } from '../livekit/tenant-claim.ts'
import type { Place } from './exposures.ts'
import type { ServedTenants } from './room-deps.ts'

export type JobTenant = Readonly<{
  scope: TenantScope
  /** The room is for this one call: its token was made here. */
  isOurs?: true
  /** The API key with which its token was made. */
  key_id?: string
  /** Why nobody may answer, in plain words; recorded with the tenant that the worker's settings name. */
  refused?: string
}>

const NOT_SERVED = 'The tenant of this call is disabled, or is not there any more.'

export async function tenantOf(
  { metadata, room_name }: Pick<JobOffer, 'metadata' | 'room_name'>,
  { connection, scope: owner }: Place,
  tenants: ServedTenants,
): Promise<JobTenant> {
  const otherwise = owner ?? tenants.unclaimed
  if (!(await tenants.find(otherwise.tenant_id))) return { scope: otherwise, refused: NOT_SERVED }
  const brought = parseJson(metadata)
  const text = isJsonObject(brought) ? brought[CLAIM] : undefined
  if (text === undefined) return { scope: otherwise }
  const claim = typeof text === 'string' ? readClaim(connection.api_secret, text, { room_name, now: Date.now() }) : undefined
  if (!claim)
    return { scope: otherwise, refused: 'The claim of a tenant in the job was not signed here for this room, or is too old.' }
  const { tenant_id, key_id } = claim
  if (owner && owner.tenant_id !== tenant_id)
    return { scope: otherwise, refused: 'The job claims another tenant than the one whose connection it came through.' }
  const scope = await tenants.find(tenant_id)
  if (!scope) return { scope: otherwise, refused: NOT_SERVED }
  return { scope, isOurs: true, ...(key_id !== undefined && { key_id }) }
}

/** The same metadata without what is the server's own business. */
export function withoutClaim(metadata: string): string {
  const brought = parseJson(metadata)
  if (!isJsonObject(brought) || !(CLAIM in brought)) return metadata
  const { [CLAIM]: _, ...others } = brought
  return JSON.stringify(others)
}

/** A decision for the record, made before any rule was asked. */
export const refusedDecision = (why: string): RouteDecision => ({
  reason: `Refused: ${why}`,
  rules: ROUTE_RULES.map((rule) => ({ rule, result: 'refused', reason: why, source: 'job_metadata' })),
  variables: {},
  overrides: {},
  refused: [{ path: `/job_metadata/${CLAIM}`, message: why }],
})
