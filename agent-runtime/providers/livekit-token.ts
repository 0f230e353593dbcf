import { createHmac } from 'node:crypto'

const VALID_S = 600

/** What opens LiveKit Inference: a short-lived token made of the project's key and secret (HS256), as @livekit/agents makes it. */
export function liveKitToken(key: string, secret: string, now_ms = Date.now()): string {
  const now = Math.floor(now_ms / 1000)
  const claims = { iss: key, sub: 'agent', nbf: now - 10, exp: now + VALID_S, inference: { perform: true } }
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
