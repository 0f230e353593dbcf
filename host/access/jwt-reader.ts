/**
 * Tokens of an identity provider. Threat: a token that somebody signed themselves (`none`, or HMAC with the public key as its secret: only
 * listed public-key algorithms are read), one that was meant for another service (`aud`, `iss` must fit), an old one, and one that claims
 * more than its issuer may give (the ceiling). Keys come from the one configured address, are kept, and asked for again when an unknown one
 * is named.
 */
import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { DEFAULT_TENANT, hasRole, Role } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import { refusedCredential } from './access-failure.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']
const TOLERANCE_S = 30
/** Between two questions for keys, however many tokens name unknown ones. */
const COOLDOWN_MS = 30_000
const KEPT_MS = 600_000
const WITHIN_MS = 5_000

export type JwtSettings = Readonly<{
  jwks_url: string
  issuer: string
  audience: string
  /** No token gives more than this; default admin. */
  ceiling?: Role
}>

export type JwtClaims = Readonly<{ tenant_id: TenantId; user_id: UserId; role: Role }>

/** Throws `unauthorized` for a token that does not do, and `unavailable` while the keys cannot be had. */
export type ReadJwt = (token: string) => Promise<JwtClaims>

export function createJwtReader({ jwks_url, issuer, audience, ceiling = 'admin' }: JwtSettings, clock: () => number): ReadJwt {
  const keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(jwks_url), {
    cooldownDuration: COOLDOWN_MS,
    cacheMaxAge: KEPT_MS,
    timeoutDuration: WITHIN_MS,
  })
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      ...{ algorithms: ALGORITHMS, issuer, audience, clockTolerance: TOLERANCE_S },
      requiredClaims: ['exp', 'sub', 'tenant', 'role'],
      currentDate: new Date(clock()),
    }).catch(refuse)
    const tenant_id = TenantId.safeParse(payload['tenant'])
    const user_id = UserId.safeParse(payload.sub)
    const role = Role.safeParse(payload['role'])
    if (!tenant_id.success || !user_id.success || !role.success) throw refusedCredential()
    // In the audit of a tenant that would be an operator of the server.
    if (user_id.data.endsWith(`@${DEFAULT_TENANT}`)) throw refusedCredential()
    return {
      tenant_id: tenant_id.data,
      user_id: user_id.data,
      role: hasRole(ceiling, role.data) ? role.data : ceiling,
    }
  }
}

function refuse(cause: unknown): never {
  // The keys could not be read: that says nothing of the token, and passes.
  const isTheirs = cause instanceof errors.JOSEError && !UNREADABLE.has(cause.code)
  if (isTheirs) throw refusedCredential()
  throw new StudioError('unavailable', 'The keys of the identity provider cannot be had.', 'Try again in a moment.', [], {
    cause,
  })
}

const UNREADABLE: ReadonlySet<string> = new Set([errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code])

/** Reads GREENROOM_JWKS_URL, GREENROOM_JWT_ISSUER, GREENROOM_JWT_AUDIENCE and GREENROOM_JWT_MAX_ROLE. Throws `malformed`. */
export function jwtSettings(environment: NodeJS.ProcessEnv): JwtSettings | undefined {
  const jwks_url = environment['GREENROOM_JWKS_URL']
  if (!jwks_url) return undefined
  const issuer = environment['GREENROOM_JWT_ISSUER']
  const audience = environment['GREENROOM_JWT_AUDIENCE']
  if (!issuer || !audience) {
    throw unreadable(
      'GREENROOM_JWKS_URL is set without GREENROOM_JWT_ISSUER and GREENROOM_JWT_AUDIENCE',
      'Set both: tokens that were meant for another service are refused by them.',
    )
  }
  const url = URL.parse(jwks_url)
  if (!url || !/^https?:$/.test(url.protocol)) throw unreadable('GREENROOM_JWKS_URL is no address', 'Write it as https://….')
  const max = environment['GREENROOM_JWT_MAX_ROLE']
  const ceiling = Role.safeParse(max || 'admin')
  if (!ceiling.success) throw unreadable(`GREENROOM_JWT_MAX_ROLE is "${max ?? ''}"`, `Use one of ${Role.options.join(', ')}.`)
  return { jwks_url, issuer, audience, ceiling: ceiling.data }
}

const unreadable = (message: string, hint: string) => new StudioError('malformed', `${message}.`, hint)
