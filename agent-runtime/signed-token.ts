import { createHmac } from 'node:crypto'

/** A JSON web token (HS256), as LiveKit takes them. */
export function signedToken(secret: string, claims: Readonly<Record<string, unknown>>): string {
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
