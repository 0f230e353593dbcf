/**
 * Who asks the production API. Threat: a stranger with no key, a guessed, expired or revoked one; a key or token that claims another tenant
 * or a higher role than its user has; a tenant or user that was disabled a moment ago; a web page that reaches a server without
 * authentication through the browser of its developer (other origins, names that were rebound to 127.0.0.1). Every refusal of a
 * credential has the same words, and no credential is ever logged.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { DEFAULT_TENANT, DEFAULT_USER, hasRole, ROLES, type Caller, type Role } from '../../core/contract/caller.ts'
import type { TenantId } from '../../core/contract/ids.ts'
import { isLoopback } from '../runtime/network-guard.ts'
import { actingAs } from './acting-scope.ts'
import type { Tenant } from '../../core/contract/tenants.ts'
import type { StoredKey } from '../../core/store/directory.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { hashOfKey, isKeyValue } from './api-key.ts'
import { noCredential, notLoopback, noTenant, otherTenant, refusedCredential } from './access-failure.ts'
import { createJwtReader, type JwtSettings } from './jwt-reader.ts'
import { createKnownKeys, type KnownKey, type KnownKeysDeps } from './known-keys.ts'
import { isLive } from './new-key.ts'
import type { RequestLimit } from './request-limits.ts'

export type AuthenticatorDeps = KnownKeysDeps &
  Readonly<{
    /** Tokens of an identity provider are taken too. */
    jwt?: JwtSettings | undefined
    /** Whoever asks from this machine without a key may do everything, as the default user. */
    insecure?: boolean
    /** A key was used; told once a minute. */
    onUse?: (key: StoredKey) => void
  }>

/** Who came in, and the limits of their requests, which are counted where their credential belongs, whichever tenant they act in. */
export type Visitor = Readonly<{ caller: Caller; limits: readonly RequestLimit[]; counted: TenantScope }>
type Identified = Omit<Visitor, 'counted'>

export type Authenticator = Readonly<{
  /** Throws `unauthorized`, `forbidden`, and `unavailable` when it cannot be known. */
  authenticate: (headers: IncomingHttpHeaders, remote_address: string | undefined) => Promise<Visitor>
  close: () => void
}>

const USED_EVERY_MS = 60_000
const MOST_TOLD = 10_000
/** An operator acts in this tenant instead of the own one. */
export const TENANT_HEADER = 'x-greenroom-tenant'
/** Where a proxy on this machine says from whom a request is. */
const PASSED_ON = ['x-forwarded-for', 'x-real-ip', 'forwarded']

export function createAuthenticator({ jwt, insecure = false, onUse, ...known }: AuthenticatorDeps): Authenticator {
  const { clock } = known
  const keys = createKnownKeys(known)
  const readJwt = jwt && createJwtReader(jwt, clock)

  /** When each key was last told to be in use. */
  const told = new Map<string, number>()
  function tellUse(key: StoredKey): void {
    const last = Math.max(told.get(key.key_id) ?? 0, key.last_used_at ?? 0)
    if (!onUse || clock() - last < USED_EVERY_MS) return
    if (told.size > MOST_TOLD) told.clear()
    told.set(key.key_id, clock())
    onUse(key)
  }

  async function byKey(value: string): Promise<Identified> {
    const found = isKeyValue(value) ? await keys.find(hashOfKey(value)) : undefined
    if (!found || !isGood(found, clock())) throw refusedCredential()
    const { key, user, tenant } = found
    tellUse(key)
    const { tenant_id, user_id, key_id } = key
    const role = within(tenant_id, lower(user.role, key.role))
    return { caller: { tenant_id, user_id, role, via: 'rest', key_id }, limits: requestLimits(tenant, key) }
  }
  async function byToken(token: string): Promise<Identified> {
    if (!readJwt) throw refusedCredential()
    const { tenant_id, user_id, role } = await readJwt(token)
    const [tenant, user] = await Promise.all([keys.tenant(tenant_id), keys.user({ tenant_id, user_id })])
    // Users of the identity provider need not be known here; whoever is, may have been disabled here.
    if (!tenant?.enabled || user?.enabled === false) throw refusedCredential()
    return { caller: { tenant_id, user_id, role: within(tenant_id, role), via: 'rest' }, limits: requestLimits(tenant) }
  }
  async function identify(headers: IncomingHttpHeaders, remote_address: string | undefined): Promise<Identified> {
    const credential = credentialOf(headers)
    if (insecure && !(credential !== undefined && isKeyValue(credential)))
      return { caller: unguarded(headers, remote_address), limits: [] }
    if (credential === undefined) throw noCredential()
    return credential.split('.').length === 3 ? byToken(credential) : byKey(credential)
  }
  async function inTenant({ caller, limits }: Identified, wanted: string | undefined): Promise<Visitor> {
    const visitor = { caller, limits, counted: { tenant_id: caller.tenant_id, user_id: caller.user_id } }
    if (wanted === undefined || wanted === caller.tenant_id) return visitor
    if (!hasRole(caller.role, 'operator')) throw otherTenant()
    const tenant = await keys.tenant(wanted)
    if (!tenant) throw noTenant(wanted)
    return { ...visitor, caller: { ...caller, tenant_id: tenant.tenant_id, user_id: actingAs(caller) } }
  }
  return {
    authenticate: async (headers, remote_address) =>
      inTenant(await identify(headers, remote_address), single(headers[TENANT_HEADER])),
    close: keys.close,
  }
}

function requestLimits({ limits: { requests_per_minute: of_tenant } }: Tenant, key?: StoredKey): readonly RequestLimit[] {
  const of_key = key?.limits.requests_per_minute
  return [
    ...(of_tenant ? [{ of: 'tenant', bucket: 'tenant', most: of_tenant } as const] : []),
    ...(key && of_key ? [{ of: 'key', bucket: `key:${key.key_id}`, most: of_key } as const] : []),
  ]
}

const isGood = ({ key, user, tenant }: KnownKey, now: number): boolean => isLive(key, now) && user.enabled && tenant.enabled

/** What both give: a key lasts no longer than the role that its user had when it was made. */
const lower = (user: Role, key: Role): Role => (hasRole(user, key) ? key : user)

/** Who works across tenants belongs to the server's own. */
const within = (tenant_id: TenantId, role: Role): Role => (role === 'operator' && tenant_id !== DEFAULT_TENANT ? 'admin' : role)

function unguarded(headers: IncomingHttpHeaders, remote_address: string | undefined): Caller {
  if (remote_address === undefined || !isLoopback(remote_address.replace(/^::ffff:/, ''))) throw notLoopback()
  const host = URL.parse(`http://${headers.host ?? ''}`)
  const origin = headers.origin === undefined ? undefined : URL.parse(headers.origin)
  const isHere = (url: URL | null) => url !== null && url.hostname !== '' && isLoopback(url.hostname)
  const behind = PASSED_ON.flatMap((name) => [headers[name] ?? []].flat().join().split(',').filter(Boolean))
  if (!behind.every((address) => isLoopback(address.trim()))) throw notLoopback()
  if (!isHere(host) || (origin !== undefined && !isHere(origin))) throw notLoopback()
  const role = ROLES.at(-1) ?? 'operator'
  return { tenant_id: DEFAULT_TENANT, user_id: DEFAULT_USER, role, via: 'rest' }
}

export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  if (bearer !== undefined) return bearer
  // Another scheme is a credential too, and none that is known here.
  return headers.authorization === undefined ? single(headers['x-api-key']) : ''
}

const single = (value: string | string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.[0])
