import { LlmConfig, SttConfig, TtsConfig } from '../../core/agent/document.ts'
import { StudioError, toProblems } from '../../core/contract/errors.ts'
import type { Json } from '../../core/json.ts'
import {
  defaultModel,
  findProvider,
  listProviders,
  type Provider,
  type ProviderKind,
  type SecretBlock,
} from '../../core/providers/index.ts'

const CONFIGS = { stt: SttConfig, llm: LlmConfig, tts: TtsConfig } as const

/** A kind's block that stands alone, with the provider that it names. */
export type NamedBlock = Readonly<{
  kind: ProviderKind
  provider: Provider
  block: SecretBlock & Readonly<{ model?: string | undefined }>
  /** The model that is asked: the block's, or the first choice of the catalogue. */
  model: string
}>

/** Throws `malformed` for a block that is not one, and `not_found` for a provider that is none. */
export function readBlock(kind: ProviderKind, given: Readonly<Record<string, Json>>): NamedBlock {
  const parsed = CONFIGS[kind].safeParse(given)
  if (!parsed.success) {
    const problems = toProblems(parsed.error)
    const [first] = problems
    throw new StudioError(
      'malformed',
      `The choice of ${kind.toUpperCase()} is not right${first ? `: ${first.path || 'the whole'} ${first.message}` : ''}.`,
      'See the problems for each place and what is expected there.',
      problems,
    )
  }
  const block = parsed.data
  const provider = requireProvider(kind, block.provider)
  return { kind, provider, block, model: block.model ?? defaultModel(provider) ?? '' }
}

/** Where it is asked; '' for what runs here. Throws `malformed` for one on the network that has no address. */
export function addressOf({ provider, block }: NamedBlock): string {
  const address = (block.base_url ?? provider.base_url ?? '').replace(/\/+$/, '')
  if (address !== '' || provider.network === 'never') return address
  throw new StudioError('malformed', `${provider.name} has no address yet.`, 'Fill in its address first.')
}

/** Of the catalogue, by id or alias. Throws `not_found`. */
export function requireProvider(kind: ProviderKind, name: string): Provider {
  const provider = findProvider(kind, name)
  if (provider) return provider
  const known = listProviders(kind).map(({ id }) => id)
  throw new StudioError(
    'not_found',
    `There is no ${kind.toUpperCase()} provider "${name}".`,
    `Choose one of: ${known.join(', ')}.`,
  )
}
