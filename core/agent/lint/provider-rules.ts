import { AGENT_TYPES } from '../agent-types.ts'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../json.ts'
import {
  addressHost,
  findProvider,
  isNearby,
  isOwnSite,
  listProviders,
  type Provider,
  type ProviderKind,
} from '../../providers/index.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'
import { llmRules } from './llm-rules.ts'
import { nearestName } from './nearest-name.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** Providers, models and voices that are not in the catalogue, and an agent type that nobody registers. */
export function providerRules(view: LintView): LintFinding[] {
  return [...KINDS.flatMap((kind) => blocks(kind, view.content[`${kind}_config`])), ...agentType(view)]
}

/** A kind's block, and the further choices in it. */
function blocks(kind: ProviderKind, config: Json | undefined): LintFinding[] {
  if (!isJsonObject(config)) return []
  const path = `/${kind}_config`
  const further = isJsonArray(config['fallbacks']) ? config['fallbacks'] : []
  const choices = further.map((choice, index) => ({ choice, path: `${path}/fallbacks/${index}` }))
  return [{ choice: config, path }, ...choices].flatMap((one) =>
    isJsonObject(one.choice) ? block(kind, one.choice, one.path) : [],
  )
}

function block(kind: ProviderKind, config: JsonObject, path: string): LintFinding[] {
  if (typeof config['provider'] !== 'string') return []
  const provider = findProvider(kind, config['provider'])
  if (!provider) return [unknownProvider(kind, config['provider'], `${path}/provider`)]
  const choices = provider.options.flatMap((option) => unknownChoice(provider, option, config[option.key], path))
  const ofKind = provider.kind === 'llm' ? llmRules(provider, config, path) : []
  return [
    ...choices,
    ...addressMissing(provider, config['base_url'], path),
    ...keyAbroad(provider, config, path),
    ...ofKind,
    ...language(provider, config['language'], path),
  ]
}

function addressMissing(provider: Provider, address: Json | undefined, path: string): LintFinding[] {
  const needed = provider.network !== 'never' && provider.base_url === undefined
  if (!needed || (typeof address === 'string' && address !== '')) return []
  return [
    {
      rule: 'address-missing',
      severity: 'error',
      path: `${path}/base_url`,
      message: `${provider.name} needs an address`,
      hint: 'Fill in where your own one is.',
    },
  ]
}

/** A named key on its way to somebody else, or readable on its way: right for a proxy of one's own, and what a hostile agent would try. */
function keyAbroad(provider: Provider, config: JsonObject, path: string): LintFinding[] {
  const { base_url: address, api_key: key } = config
  if (provider.needs.kind !== 'secret' || typeof address !== 'string' || typeof key !== 'string' || isNearby(address)) return []
  const host = addressHost(address) ?? address
  const finding = (rule: string, message: string, hint: string): LintFinding => ({
    rule,
    severity: 'warning',
    path: `${path}/api_key`,
    message,
    hint,
  })
  if (/^(?:http|ws):/i.test(address))
    return [finding('key-in-plain-text', `the key "${key}" is sent to ${host} in plain text`, 'Write https:// (or wss://).')]
  const owners = ownersOf(key, provider)
  const [owner] = owners
  if (!owner || owners.some((one) => isOwnSite(one, address))) return []
  const message = `the key "${key}" is sent to ${host}, which is not ${owner.name}`
  return [finding('key-to-strangers', message, 'Keep it only if that address is your own, such as a proxy.')]
}

/** Who a key is for: the provider itself, where it has an address of its own, and everybody whose usual key has this name. */
function ownersOf(key: string, provider: Provider): readonly Provider[] {
  const all = KINDS.flatMap((kind): readonly Provider[] => listProviders(kind))
  const usual = all.filter(
    ({ base_url, needs }) => base_url && needs.kind === 'secret' && needs.secrets.some((secret) => secret.reference === key),
  )
  const itself = provider.needs.kind === 'secret' && provider.base_url !== undefined && !provider.needs.only_for
  return itself ? [provider, ...usual] : usual
}

function unknownProvider(kind: ProviderKind, id: string, path: string): LintFinding {
  const ids = listProviders(kind).map((provider) => provider.id)
  const meant = nearestName(id, ids)
  return {
    rule: 'provider-unknown',
    severity: 'error',
    path,
    message: `there is no ${kind.toUpperCase()} provider "${id}"`,
    hint: meant ? `Did you mean "${meant}"?` : `There are: ${ids.join(', ')}.`,
  }
}

function unknownChoice(
  provider: Provider,
  option: Provider['options'][number],
  value: Json | undefined,
  path: string,
): LintFinding[] {
  // Said with the model that it depends on.
  if (option.key === 'structured_output') return []
  if (typeof value !== 'string' || value === '' || (option.type !== 'model' && option.type !== 'choice') || option.any) return []
  const known = option.type === 'model' ? provider.models.map(({ id }) => id) : option.choices.map((choice) => choice.value)
  if (known.length === 0 || known.includes(value)) return []
  const message = `${provider.name} has no ${option.label.toLowerCase()} "${value}"`
  return [
    {
      rule: 'choice-unknown',
      severity: 'warning',
      path: `${path}/${option.key}`,
      message,
      hint: `There are: ${known.join(', ')}.`,
    },
  ]
}

function language(provider: Provider, value: Json | undefined, path: string): LintFinding[] {
  if (provider.kind !== 'stt' || provider.capabilities.languages !== 'en' || typeof value !== 'string' || /^en\b/i.test(value))
    return []
  const message = `${provider.name} hears English only, not "${value}"`
  return [
    {
      rule: 'language-unsupported',
      severity: 'warning',
      path: `${path}/language`,
      message,
      hint: 'Choose a provider that knows the language.',
    },
  ]
}

function agentType({ content, agent_types }: LintView): LintFinding[] {
  const value = content['agent_type']
  const known = [...AGENT_TYPES, ...agent_types]
  if (typeof value !== 'string' || known.includes(value)) return []
  const message = `no extension registers the agent type "${value}": it runs as "custom"`
  return [{ rule: 'agent-type-unknown', severity: 'warning', path: '/agent_type', message, hint: `Known: ${known.join(', ')}.` }]
}
