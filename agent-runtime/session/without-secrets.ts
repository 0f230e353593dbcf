/**
 * Threat: a provider that refuses a key likes to repeat it ("Incorrect API key provided: …"), and what a call reports is journaled, logged
 * and shown. So every key that came in with a configuration is struck out of every message that goes out, whoever wrote the text.
 */
import { FromRuntime, ToRuntime } from '../../core/contract/runtime.ts'
import type { HostChannel } from './host-channel.ts'

/** Anything shorter is no key, and striking it out would garble ordinary text. */
const MIN_LENGTH = 6
const STRUCK_OUT = '[key]'

/** The same channel, with the keys that pass through it inwards kept from passing outwards. */
export function withoutSecrets(channel: HostChannel): HostChannel {
  const known = new Set<string>()
  return {
    ...channel,
    send: (message) => channel.send(holdsAny(message, known) ? struckOut(message, known) : message),
    onMessage: (listener) =>
      channel.onMessage((message, socket) => {
        for (const value of secretsIn(message)) if (value.length >= MIN_LENGTH) known.add(value)
        listener(message, socket)
      }),
  }
}

function secretsIn(raw: unknown): string[] {
  const message = ToRuntime.safeParse(raw).data
  if (message?.type === 'start') return Object.values(message.session.config.secrets)
  if (message?.type === 'configure') return Object.values(message.config.secrets)
  return []
}

function holdsAny(value: unknown, secrets: ReadonlySet<string>): boolean {
  if (secrets.size === 0) return false
  if (typeof value === 'string') return [...secrets].some((secret) => value.includes(secret))
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => holdsAny(key, secrets) || holdsAny(item, secrets))
}

/** The longest first, since one key may begin like another. */
function struckOut(message: FromRuntime, secrets: ReadonlySet<string>): FromRuntime {
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length)
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
  const clean = longestFirst.reduce((text, secret) => text.replaceAll(inJson(secret), STRUCK_OUT), JSON.stringify(message))
  return FromRuntime.parse(JSON.parse(clean))
}
