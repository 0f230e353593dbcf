/**
 * What a job's metadata says of its tenant, signed by whoever made the token. Threat: the caller can read its token and so the claim in it,
 * and others may learn it. So it is good for one room and a short time, and the key that signs it is made from the API secret of the
 * LiveKit server, which callers never have; it signs nothing else.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { TenantId } from '../../core/contract/ids.ts'
import { parseJson } from '../../core/json.ts'

/** The key of the job's metadata that holds it. */
export const CLAIM = 'greenroom_claim'

const Claim = z.object({
  tenant_id: TenantId,
  room_name: z.string(),
  /** ms since the epoch. */
  expires_at: z.int(),
  /** The API key with which the token was made. */
  key_id: z.string().optional(),
})
export type TenantClaim = Readonly<z.infer<typeof Claim>>

export function signClaim(api_secret: string, claim: TenantClaim): string {
  const payload = Buffer.from(JSON.stringify(claim)).toString('base64url')
  return `${payload}.${signatureOf(api_secret, payload).toString('base64url')}`
}

/** Undefined: not signed with this secret, for another room, or too old. */
export function readClaim(
  api_secret: string,
  text: string,
  { room_name, now }: Readonly<{ room_name: string; now: number }>,
): TenantClaim | undefined {
  const [payload = '', signature = ''] = text.split('.')
  const given = Buffer.from(signature, 'base64url')
  const wanted = signatureOf(api_secret, payload)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined
  const claim = Claim.safeParse(parseJson(Buffer.from(payload, 'base64url').toString('utf8'))).data
  return claim && claim.room_name === room_name && claim.expires_at > now ? claim : undefined
}

function signatureOf(api_secret: string, payload: string): Buffer {
  const key = Buffer.from(hkdfSync('sha256', api_secret, '', 'greenroom tenant claim', 32))
  return createHmac('sha256', key).update(payload).digest()
}
