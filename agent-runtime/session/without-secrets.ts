/**
 * Threat: a provider that refuses a key likes to repeat it ("Incorrect API key provided: …"), and what a call reports is journaled, logged
 * and shown. So every key that came in with a configuration is struck out of every message that goes out, whoever wrote the text; also
 * when it comes in pieces of a stream.
 */
import { FromRuntime, ToRuntime } from '../../core/contract/runtime.ts'
import { parseJson } from '../../core/json.ts'
import { isKey, spellingsOf, strike } from '../providers/strike.ts'
import type { HostChannel } from './host-channel.ts'
import { createSplitKeys } from './split-keys.ts'

/** The same channel, with the keys that pass through it inwards kept from passing outwards. */
export function withoutSecrets(channel: HostChannel): HostChannel {
  const known = new Set<string>()
  const split = createSplitKeys(known)
  const send = (message: FromRuntime) => channel.send(holdsAny(message, known) ? struckOut(message, known) : message)
  return {
    ...channel,
    send(message) {
      if (known.size === 0) return channel.send(message)
      const held = split(message)
      if (held) send(held)
    },
    onMessage: (listener) =>
      channel.onMessage((message, socket) => {
        for (const value of secretsIn(message)) if (isKey(value)) known.add(value)
        listener(message, socket)
      }),
  }
}

function secretsIn(raw: unknown): string[] {
  const message = ToRuntime.safeParse(raw).data
  switch (message?.type) {
    case 'start':
      return [...Object.values(message.session.config.secrets), ...(message.session.room ? [message.session.room.token] : [])]
    case 'room.token':
      return message.token === undefined ? [] : [message.token]
    case 'configure':
      return Object.values(message.config.secrets)
    case 'check':
    case 'tool.try':
      return Object.values(message.secrets)
    default:
      return []
  }
}

function holdsAny(value: unknown, secrets: ReadonlySet<string>): boolean {
  if (typeof value === 'string') {
    for (const secret of secrets) if (spellingsOf(secret).some((spelling) => value.includes(spelling))) return true
    return false
  }
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => holdsAny(key, secrets) || holdsAny(item, secrets))
}

/** A "key" that is a word of the contract itself, such as `events`, hides nothing and must not end the call. */
function struckOut(message: FromRuntime, secrets: ReadonlySet<string>): FromRuntime {
  const struck = strike(JSON.stringify(message), [...secrets].flatMap(spellingsOf))
  return FromRuntime.safeParse(parseJson(struck)).data ?? message
}
