import type { Json } from '../../../core/json.ts'
import { HttpFailure } from '../provider-failure.ts'
import { textIn } from './stt-protocol.ts'

/** `{"type":"Error","description":…,"code":…}` of both versions of the protocol. */
export function deepgramFailure(message: Json): Error | undefined {
  if (textIn(message, 'type') !== 'Error') return undefined
  const code = textIn(message, 'code', 'variant') ?? ''
  const text = textIn(message, 'description', 'message') ?? code
  return /auth/i.test(code) ? new HttpFailure(401, text) : new HttpFailure(400, text)
}
