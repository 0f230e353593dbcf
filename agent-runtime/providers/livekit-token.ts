import { signedToken } from '../signed-token.ts'

const VALID_S = 600

/** What opens LiveKit Inference: a short-lived token made of the project's key and secret, as @livekit/agents makes it. */
export function liveKitToken(key: string, secret: string, now_ms = Date.now()): string {
  const now = Math.floor(now_ms / 1000)
  return signedToken(secret, { iss: key, sub: 'agent', nbf: now - 10, exp: now + VALID_S, inference: { perform: true } })
}
