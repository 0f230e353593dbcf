import type { NeededSecret, ProviderNeeds, ProviderOption } from './provider.ts'

/** A key in the usual variable; `only_for` for protocols that servers on this machine speak too. */
export const needsKey = (reference: string, only_for?: 'remote addresses'): ProviderNeeds => ({
  kind: 'secret',
  secrets: [{ key: 'api_key', reference } satisfies NeededSecret],
  ...(only_for && { only_for }),
})

/** Where the server is and what opens it: the same two inputs for every provider that is asked over the network. */
export function connectionOptions(base_url: string, reference: string): readonly ProviderOption[] {
  return [
    {
      key: 'base_url',
      label: 'Address',
      type: 'url',
      default: base_url,
      placeholder: base_url,
      advanced: true,
      help: 'Another address that speaks the same protocol, such as a proxy or a region of its own.',
    },
    {
      key: 'api_key',
      label: 'Key',
      type: 'secret',
      default: reference,
      placeholder: reference,
      help: 'A reference: env:NAME reads the environment, secret:NAME the keychain. The key itself never stands in the agent.',
    },
  ]
}
