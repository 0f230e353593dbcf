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
  /** In every spelling, worked out once: there is a token for each room that was joined, and every text of every message is looked through. */
  const spelled = new Set<string>()
  const learn = (value: string) => {
    if (known.has(value) || !isKey(value)) return
    known.add(value)
    for (const spelling of spellingsOf(value)) spelled.add(spelling)
  }
  const split = createSplitKeys(known)
  const send = (message: FromRuntime) => channel.send(holdsAny(message, spelled) ? struckOut(message, spelled) : message)
  return {
    ...channel,
    send(message) {
      if (known.size === 0) return channel.send(message)
      const held = split(message)
      if (held) send(held)
    },
    onMessage: (listener) =>
      channel.onMessage((message, socket) => {
        secretsIn(message).forEach(learn)
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

function holdsAny(value: unknown, spelled: ReadonlySet<string>): boolean {
  if (typeof value === 'string') {
    for (const spelling of spelled) if (value.includes(spelling)) return true
    return false
  }
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, item]) => holdsAny(key, spelled) || holdsAny(item, spelled))
}

/** A "key" that is a word of the contract itself, such as `events`, hides nothing and must not end the call. */
function struckOut(message: FromRuntime, spelled: ReadonlySet<string>): FromRuntime {
  const struck = strike(JSON.stringify(message), spelled)
  return FromRuntime.safeParse(parseJson(struck)).data ?? message
}
