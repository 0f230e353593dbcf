import { isJsonObject, type Json } from '../../json.ts'
import { findProvider, listProviders, type Provider, type ProviderKind } from '../../providers/index.ts'
import type { LintFinding } from './finding.ts'
import type { LintView } from './lint-view.ts'
import { nearestName } from './nearest-name.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']
const AGENT_TYPES = ['interview', 'support', 'sales', 'onboarding', 'custom']

/** Providers, models and voices that are not in the catalogue, and an agent type that nobody registers. */
export function providerRules(view: LintView): LintFinding[] {
  return [...KINDS.flatMap((kind) => block(kind, view.content[`${kind}_config`])), ...agentType(view.content['agent_type'])]
}

function block(kind: ProviderKind, config: Json | undefined): LintFinding[] {
  if (!isJsonObject(config) || typeof config['provider'] !== 'string') return []
  const path = `/${kind}_config`
  const provider = findProvider(kind, config['provider'])
  if (!provider) return [unknownProvider(kind, config['provider'], `${path}/provider`)]
  const choices = provider.options.flatMap((option) => unknownChoice(provider, option, config[option.key], path))
  return [...choices, ...language(provider, config['language'], path)]
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

function agentType(value: Json | undefined): LintFinding[] {
  if (typeof value !== 'string' || AGENT_TYPES.includes(value)) return []
  const message = `no extension registers the agent type "${value}": it runs as "custom"`
  return [
    { rule: 'agent-type-unknown', severity: 'warning', path: '/agent_type', message, hint: `Known: ${AGENT_TYPES.join(', ')}.` },
  ]
}
