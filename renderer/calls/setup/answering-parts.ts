import type { AgentDocument } from '../../../core/agent/document.ts'
import { defaultSecret, findProvider, needsSecret, type Provider, type ProviderKind } from '../../../core/providers/index.ts'
import type { ModelSet, SecretState } from '../../../core/contract/index.ts'

/** One of the three that answer a call, as it would be if the call began now. */
export type AnsweringPart = Readonly<{
  kind: ProviderKind
  does: 'Hears' | 'Thinks' | 'Speaks'
  /** Who really answers, and with what. */
  name: string
  detail: string
  state: 'ready' | 'substitute' | 'missing'
  /** What is not as the agent asks for, or what a newcomer should know. */
  note?: string
}>

type Facts = Readonly<{ sets: readonly ModelSet[] | undefined; secrets: readonly SecretState[] | undefined }>

const KINDS = [
  { kind: 'stt', does: 'Hears' },
  { kind: 'llm', does: 'Thinks' },
  { kind: 'tts', does: 'Speaks' },
] as const

/** Who takes over where the built-in set is not installed (`provider.substituted` tells it in the call). */
const SUBSTITUTE = { stt: 'rehearsal', tts: 'espeak-ng' } as const

/** What will answer, honestly: with keys that are missing, models that are not here, and rehearsal named as what it is. */
export function answeringParts(document: AgentDocument, { sets, secrets }: Facts): readonly AnsweringPart[] {
  return KINDS.map(({ kind, does }): AnsweringPart => {
    const block = blockOf(document, kind)
    const provider = findProvider(kind, block.provider)
    const part = { kind, does, name: provider?.name ?? block.provider, detail: detailOf(provider, block) }
    if (!provider) return { ...part, state: 'missing', note: `This Greenroom does not know "${block.provider}".` }
    if (provider.needs.kind === 'models' && isMissing(sets, provider.needs.set_id)) return substitute(part, kind)
    const reference = missingSecret(kind, block, secrets)
    if (reference !== undefined) return { ...part, state: 'missing', note: `No key: ${reference} is not set.` }
    return { ...part, state: 'ready', ...(provider.is_ai ? {} : { note: provider.description }) }
  })
}

type Block = Readonly<{
  provider: string
  model?: string | undefined
  base_url?: string | undefined
  api_key?: string | undefined
  voice_id?: unknown
}>

export const blockOf = (document: AgentDocument, kind: ProviderKind): Block =>
  kind === 'stt' ? document.stt_config : kind === 'llm' ? document.llm_config : document.tts_config

const isMissing = (sets: readonly ModelSet[] | undefined, set_id: string): boolean =>
  sets !== undefined && !sets.some((set) => set.set_id === set_id && set.installed)

function substitute(part: Pick<AnsweringPart, 'kind' | 'does'>, kind: ProviderKind): AnsweringPart {
  const id = kind === 'stt' ? SUBSTITUTE.stt : SUBSTITUTE.tts
  const used = findProvider(kind, id)
  return {
    ...part,
    name: used?.name ?? id,
    detail: 'instead of built-in speech',
    state: 'substitute',
    ...(used ? { note: used.description } : {}),
  }
}

function detailOf(provider: Provider | undefined, { model, base_url, voice_id }: Block): string {
  const first = provider?.options.find(({ key }) => key === 'model')
  const fallback = first && 'default' in first && typeof first.default === 'string' ? first.default : undefined
  const id = model ?? fallback
  const label = provider?.models.find((known) => known.id === id)?.label ?? id
  const host = base_url === undefined ? undefined : /^https?:\/\/([^/]+)/.exec(base_url)?.[1]
  const voice = provider?.kind === 'tts' && typeof voice_id === 'string' ? voice_id : undefined
  // A rehearsal's model is only a pace, and must not look like the model itself.
  const shown = provider?.is_ai === false && label !== undefined && provider.kind === 'llm' ? `at the pace of ${label}` : label
  return [shown, voice, host].filter(Boolean).join(' · ')
}

/** The secret references that the document's providers need. */
export const neededSecrets = (document: AgentDocument): readonly string[] => [
  ...new Set(KINDS.flatMap(({ kind }) => referenceOf(kind, blockOf(document, kind)) ?? [])),
]

function referenceOf(kind: ProviderKind, block: Block): string | undefined {
  if (block.api_key !== undefined) return block.api_key
  return needsSecret(kind, block.provider, block.base_url) ? defaultSecret(kind, block.provider) : undefined
}

function missingSecret(kind: ProviderKind, block: Block, secrets: readonly SecretState[] | undefined): string | undefined {
  const reference = referenceOf(kind, block)
  if (reference === undefined || secrets === undefined) return undefined
  return secrets.some((secret) => secret.reference === reference && secret.present) ? undefined : reference
}
