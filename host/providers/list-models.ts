import { createHash } from 'node:crypto'
import { StudioError } from '../../core/contract/errors.ts'
import type { OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import { blockSecrets } from '../../core/providers/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { GuardedFetch } from '../fetching/guarded-fetch.ts'
import { presentSecrets, type ResolveSecrets, type SecretsFor } from '../runtime/present-secrets.ts'
import { fetchModelList } from './model-list.ts'
import { addressOf, readBlock, type NamedBlock } from './named-block.ts'

type Input = ParsedInputOf<'provider.models'>
type Answer = OutputOf<'provider.models'>
export type ListModels = (scope: TenantScope, input: Input, signal: AbortSignal) => Promise<Answer>
export type ListDeps = Readonly<{
  secretsFor: SecretsFor
  /** As far as a tenant may reach. */
  fetchOf: (scope: TenantScope) => Promise<GuardedFetch>
  clock: () => number
  within_ms?: number | undefined
}>

/** Whoever opens a picker twice does not ask twice. */
const KEPT_MS = 60_000
const MOST_KEPT = 50

/** The models that a provider itself lists, kept for a minute. Throws `provider_failed`, `not_found` and `unsupported` in plain words. */
export function createListModels({ secretsFor, fetchOf, clock, within_ms }: ListDeps): ListModels {
  const kept = new Map<string, Readonly<{ until: number; answer: Answer }>>()
  return async (scope, { kind, block }, signal) => {
    const named = readBlock(kind, block)
    const { endpoint, base_url } = endpointOf(named)
    const { key, key_reference } = await keyOf(secretsFor(scope), named, base_url)
    const id = [scope.tenant_id, kind, named.provider.id, base_url, key === undefined ? '' : fingerprint(key)].join(' ')
    const known = kept.get(id)
    if (known && known.until > clock()) return known.answer
    const request = { name: named.provider.name, endpoint, base_url, key, key_reference, fetch: await fetchOf(scope) }
    const answer = { models: await fetchModelList(request, signal, within_ms), source: base_url + endpoint.path }
    kept.delete(id)
    kept.set(id, { until: clock() + KEPT_MS, answer })
    const [oldest] = kept.keys()
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    return answer
  }
}

const fingerprint = (key: string): string => createHash('sha256').update(key).digest('hex')

function endpointOf(named: NamedBlock) {
  const { provider } = named
  const { name, models_endpoint: endpoint } = provider
  if (!endpoint)
    throw new StudioError(
      'unsupported',
      `${name} does not list its models.`,
      provider.network === 'never' ? 'What it has is in Models & keys.' : 'Type the name of the model.',
    )
  return { endpoint, base_url: addressOf(named) }
}

async function keyOf(resolve: ResolveSecrets, { kind, provider, block }: NamedBlock, base_url: string) {
  const secret = blockSecrets(kind, { ...block, base_url }).find(({ key }) => key === 'api_key')
  if (!secret) return { key: undefined, key_reference: undefined }
  const { reference, needed } = secret
  const key = (await presentSecrets(resolve, [reference]))[reference]
  if (key === undefined && needed)
    throw new StudioError(
      'provider_failed',
      `${provider.name} needs a key, and ${reference} is empty.`,
      `Paste the key in Models & keys, or set ${reference.replace(/^(env|secret):/, '')} and start again.`,
    )
  return { key, key_reference: needed ? reference : undefined }
}
