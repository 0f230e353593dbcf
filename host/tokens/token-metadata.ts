import { hasRole, type Caller } from '../../core/contract/caller.ts'
import { StudioError, type Problem } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import { isDeeperThan, isJsonObject, MOST_LEVELS, parseJson, type JsonObject } from '../../core/json.ts'
import { checkOverrides } from '../../core/routing/override-rules.ts'
import { CLAIM } from '../livekit/tenant-claim.ts'

/** It stands in the token twice, and tokens travel in addresses. */
const LARGEST_BYTES = 16_384

export type TokenMetadata = Readonly<{
  /** Whoever is in the room can read it. */
  of_participant: string
  of_job: JsonObject
}>

/**
 * What a client says of the call, as an object or as text. Text that is no JSON object is kept for those in the room, and says nothing to
 * the routing. Throws `forbidden` and `too_large` with the path.
 */
export function readTokenMetadata(given: ParsedInputOf<'token.mint'>['metadata'], caller: Caller): TokenMetadata {
  const value = typeof given === 'string' ? parseJson(given) : given
  const text = typeof given === 'string' ? given : JSON.stringify(given ?? {})
  if (Buffer.byteLength(text) > LARGEST_BYTES)
    throw new StudioError('too_large', 'The metadata is too long for a token.', `Give at most ${LARGEST_BYTES} bytes.`, [
      { path: '/metadata', message: 'is too long' },
    ])
  if (!isJsonObject(value) || isDeeperThan(value, MOST_LEVELS)) return { of_participant: text, of_job: {} }
  const problems = [...foreignTenant(value, caller), ...refusedOverrides(value, caller)]
  if (problems.length > 0)
    throw new StudioError(
      'forbidden',
      `The metadata asks for what this call may not have: ${problems.map(({ path }) => path).join(', ')}.`,
      'Leave it out. Callers may say who they are and what for; overrides are for keys of role developer, and for a few settings.',
      problems,
    )
  const { overrides, [CLAIM]: _, tenant_id: __, ...said } = value
  return {
    of_participant: Object.keys(said).length === 0 ? '' : JSON.stringify(said),
    of_job: { ...said, ...(isJsonObject(overrides) && { overrides }) },
  }
}

function foreignTenant({ tenant_id }: JsonObject, caller: Caller): Problem[] {
  if (tenant_id === undefined || tenant_id === null || tenant_id === caller.tenant_id) return []
  return [{ path: '/metadata/tenant_id', message: 'is not the tenant of the credential' }]
}

function refusedOverrides({ overrides }: JsonObject, caller: Caller): readonly Problem[] {
  if (overrides === undefined || overrides === null) return []
  const path = '/metadata/overrides'
  if (!hasRole(caller.role, 'developer')) return [{ path, message: `may not be brought by the role "${caller.role}"` }]
  return checkOverrides(overrides, path).refused
}
