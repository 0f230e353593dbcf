import { connectionOptions } from './connection-options.ts'
import type { ProviderNeeds, ProviderOption } from './provider.ts'

const KEY = 'env:LIVEKIT_API_KEY'
const SECRET = 'env:LIVEKIT_API_SECRET'

/** LiveKit Cloud's gateway: one key in two parts opens its models of all kinds. */
export const LIVEKIT_URL = 'https://agent-gateway.livekit.cloud/v1'

export const liveKitNeeds: ProviderNeeds = {
  kind: 'secret',
  secrets: [
    { key: 'api_key', reference: KEY },
    { key: 'api_secret', reference: SECRET },
  ],
}

export const liveKitOptions: readonly ProviderOption[] = [
  ...connectionOptions(LIVEKIT_URL, KEY),
  {
    key: 'api_secret',
    label: 'Secret',
    type: 'secret',
    default: SECRET,
    placeholder: SECRET,
    help: 'The second half of LiveKit’s key, as a reference.',
  },
]
