import type { AgentDocument } from '../../core/agent/document.ts'
import type { GuardedFetch } from '../fetching/guarded-fetch.ts'
import { labelOf, LANGFUSE_CLOUD, langfusePlace, TIMEOUT_MS, type SpanTarget } from './span-target.ts'

type TracingConfig = AgentDocument['tracing_config']

/** References that the place of an agent's own needs. */
export const tracingSecrets = ({ provider, headers = {}, public_key, secret_key }: TracingConfig): readonly string[] => [
  ...(provider === 'otlp' ? Object.values(headers) : []),
  ...(provider === 'langfuse' ? [public_key, secret_key].filter((reference) => reference !== undefined) : []),
]

/**
 * The place that an agent names for its traces; undefined: it names none. A string says why they cannot go where it names, and then they go
 * nowhere: what was meant for one place is not for another.
 */
export function agentTarget(
  { provider, base_url, headers = {}, public_key, secret_key }: TracingConfig,
  secrets: Readonly<Record<string, string>>,
  fetch: GuardedFetch,
): SpanTarget | string | undefined {
  const valueOf = (reference: string | undefined): string | undefined =>
    reference === undefined ? undefined : secrets[reference]
  const shared = { timeout_ms: TIMEOUT_MS, encoding: 'protobuf', fetch } as const
  if (provider === 'langfuse') {
    if (public_key === undefined && secret_key === undefined) return undefined
    const [user, password] = [valueOf(public_key), valueOf(secret_key)]
    if (user === undefined || password === undefined) return 'a key that its tracing_config names for Langfuse is not there'
    const place = langfusePlace(base_url ?? LANGFUSE_CLOUD, user, password)
    return { ...shared, ...place, label: labelOf(place.url) }
  }
  if (provider !== 'otlp' || base_url === undefined) return undefined
  const missing = Object.values(headers).find((reference) => secrets[reference] === undefined)
  if (missing !== undefined) return `the secret "${missing}" that its tracing_config names is not there`
  const filled = Object.entries(headers).map(([name, reference]): [string, string] => [
    name.toLowerCase(),
    secrets[reference] ?? '',
  ])
  return { ...shared, url: base_url, label: labelOf(base_url), headers: Object.fromEntries(filled) }
}
