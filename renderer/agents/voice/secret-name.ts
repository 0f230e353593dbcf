import type { NeededSecret, Provider } from '../../../core/providers/index.ts'

/** `secret:` name for a provider's key: its id, so that all three kinds share it; of a protocol that many servers speak, the server's name. */
export function secretName(provider: Provider, base_url: string | undefined, key: NeededSecret['key'] = 'api_key'): string {
  const anyServer = provider.needs.kind === 'secret' && provider.needs.only_for !== undefined
  const elsewhere = base_url !== undefined && base_url !== '' && base_url !== provider.base_url
  const name = anyServer || elsewhere ? nameOfServer(base_url || provider.base_url) : provider.id
  return key === 'api_secret' ? `${name}-secret` : name
}

const COMMON = new Set(['www', 'api', 'com', 'org', 'net', 'io', 'ai', 'co', 'dev', 'cloud'])

/** openai, groq, api.example.org → example; `local` for a number. */
export function nameOfServer(base_url: string | undefined): string {
  const host = /^https?:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(base_url ?? '')?.[1]?.toLowerCase()
  if (!host || /^[\d.[\]:]+$/.test(host)) return 'local'
  const labels = host.split('.').filter((label) => !COMMON.has(label))
  return (labels.at(-1) ?? host).replaceAll(/[^a-z0-9._-]/g, '-')
}
