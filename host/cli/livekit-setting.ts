import { StudioError } from '../../core/contract/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

const NAMES = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const
const SCHEMES = ['ws:', 'wss:', 'http:', 'https:']

/** One line for the start of a server: where calls come from, or what is still missing for them. Throws `malformed`. */
export function tellLiveKit(env: Environment): string {
  const url = env['LIVEKIT_URL']?.trim()
  const parsed = url ? URL.parse(url) : undefined
  if (url && !(parsed && SCHEMES.includes(parsed.protocol) && parsed.host)) throw wrongAddress()
  const missing = NAMES.filter((name) => !env[name]?.trim())
  if (missing.length === 0) return `LiveKit: ${parsed?.protocol}//${parsed?.host}`
  const rest = missing.length === NAMES.length ? 'none in the environment' : 'not whole in the environment'
  // They may be kept as secrets of the studio as well, so this is no refusal.
  return `LiveKit: ${rest}; for calls set ${missing.join(', ')}`
}

/** The address is not repeated: a password may stand in it. */
const wrongAddress = (): StudioError =>
  new StudioError(
    'malformed',
    'LIVEKIT_URL is not the address of a LiveKit server.',
    'Give wss://HOST, or ws://HOST:PORT on a network of your own.',
  )
