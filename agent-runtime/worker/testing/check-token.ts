import { createHmac } from 'node:crypto'
import * as z from 'zod'

const Claims = z.object({
  iss: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  video: z.object({ agent: z.boolean() }).partial(),
})

/** What LiveKit 1.13 writes with its 401 when a worker's token is no good; it repeats the token. Undefined: it is good. */
export function refusalOf(authorization: string | undefined, keys: Readonly<Record<string, string>>): string | undefined {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  const [header = '', body = '', signature = ''] = token?.split('.') ?? []
  const claims = readClaims(body)
  if (!claims) return 'no permissions to access the room'
  const secret = keys[claims.iss]
  if (secret === undefined) return `invalid API key: ${claims.iss}`
  const right = createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url')
  if (right !== signature) return `invalid token: ${token}, error: token signature is invalid: signature is invalid`
  const now = Date.now() / 1000
  if (claims.exp < now) return `invalid token: ${token}, error: token has invalid claims: token is expired`
  if ((claims.nbf ?? 0) > now) return `invalid token: ${token}, error: token has invalid claims: token is not valid yet`
  return claims.video.agent ? undefined : 'no permissions to access the room'
}

function readClaims(body: string): z.infer<typeof Claims> | undefined {
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString())).data
  } catch {
    return undefined
  }
}
