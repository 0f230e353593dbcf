import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { onTestFinished } from 'vitest'

const NAMES = { issuer: 'https://id.test', audience: 'greenroom' }

/** An identity provider: its keys by HTTP, the environment of a server that believes it, and tokens that it signs. */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }]
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void (server.closeAllConnections(), server.close()))
  return {
    env: {
      GREENROOM_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
      GREENROOM_JWT_ISSUER: NAMES.issuer,
      GREENROOM_JWT_AUDIENCE: NAMES.audience,
    },
    sign: (claims: JWTPayload): Promise<string> =>
      new SignJWT({ iss: NAMES.issuer, aud: NAMES.audience, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
  }
}
