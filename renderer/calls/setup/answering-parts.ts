import type { AgentDocument } from '../../../core/agent/document.ts'
import {
  blockSecrets,
  defaultModel,
  findProvider,
  isLoopback,
  needsSecret,
  type Provider,
  type ProviderKind,
} from '../../../core/providers/index.ts'
import { llmProfile } from '../../../core/local-models/llm-profiles.ts'
import type { LocalModel, SecretState } from '../../../core/contract/index.ts'
import { paceOf, type WhatIf } from './what-if.ts'

/** One of the three that answer a call, as it would be if the call began now. */
export type AnsweringPart = Readonly<{
  kind: ProviderKind
  does: 'Hears' | 'Thinks' | 'Speaks'
  /** Who really answers, and with what. */
  name: string
  detail: string
  /** `rehearsed`: because somebody asked what if. */
  state: 'ready' | 'substitute' | 'rehearsed' | 'missing'
  /** What is not as the agent asks for, or what a newcomer should know. */
  note?: string
  /** Who answers when it fails or stays silent. */
  then: readonly string[]
}>

export type MachineFacts = Readonly<{
  /** Undefined until they are known: then nothing is said to be missing. */
  models: readonly LocalModel[] | undefined
  secrets: readonly SecretState[] | undefined
  offline: boolean
  what_if: WhatIf
}>

const KINDS = [
  { kind: 'stt', does: 'Hears' },
  { kind: 'llm', does: 'Thinks' },
  { kind: 'tts', does: 'Speaks' },
] as const

/** Who takes over where nothing on this machine can (`provider.substituted` tells it in the call). */
const LAST_RESORT = { stt: 'rehearsal', llm: 'rehearsal', tts: 'espeak-ng' } as const

/** What will answer, honestly: with keys that are missing, models that are not here, and rehearsal named as what it is. */
export function answeringParts(document: AgentDocument, facts: MachineFacts): readonly AnsweringPart[] {
  return KINDS.map(({ kind, does }): AnsweringPart => {
    const block = blockOf(document, kind)
    const provider = findProvider(kind, block.provider)
    const then = (block.fallbacks ?? []).map((choice) => choiceWords(kind, choice))
    const part = { kind, does, name: provider?.name ?? block.provider, detail: detailOf(provider, block), then }
    const pace = facts.what_if[kind] === undefined ? undefined : paceOf(kind, facts.what_if[kind])
    if (pace)
      return { ...part, name: pace.label, detail: `instead of ${part.name}`, state: 'rehearsed', note: pace.help, then: [] }
    if (!provider) return { ...part, state: 'missing', note: `This Greenroom does not know "${block.provider}".` }
    if (facts.offline && leavesMachine(provider, block)) return standIn(part, facts, 'in offline mode')
    if (provider.needs.kind === 'models' && installed(facts, kind)?.length === 0)
      return standIn(part, facts, 'instead of a built-in model')
    const missing = missingKey(kind, block, facts.secrets)
    if (missing !== undefined) return { ...part, state: 'missing', note: missing }
    const local = provider.needs.kind === 'models' ? chosenModel(provider, block, installed(facts, kind) ?? []) : undefined
    if (local) return { ...part, detail: localDetail(local, block), state: 'ready', ...noteOf(local) }
    return { ...part, state: 'ready', ...(provider.is_ai ? {} : { note: provider.description }) }
  })
}

type Choice = Readonly<{
  provider: string
  model?: string | undefined
  base_url?: string | undefined
  api_key?: string | undefined
  api_secret?: string | undefined
}>
type Block = Choice & Readonly<{ voice_id?: unknown; fallbacks?: readonly Choice[] | undefined }>

export const blockOf = (document: AgentDocument, kind: ProviderKind): Block =>
  kind === 'stt' ? document.stt_config : kind === 'llm' ? document.llm_config : document.tts_config

const leavesMachine = ({ network, base_url }: Provider, block: Choice): boolean =>
  network !== 'never' && !isLoopback(block.base_url ?? base_url ?? '')

const installed = ({ models }: MachineFacts, kind: ProviderKind) =>
  models?.filter((model) => model.kind === kind && model.installed)

/** The model that a block names, by itself or by its voice; one that names none takes the first that is here. */
function chosenModel(provider: Provider, block: Block, here: readonly LocalModel[]): LocalModel | undefined {
  const named = [block.model, block.voice_id, modelOf(provider, block)].filter((id) => id !== undefined && id !== '')
  return here.find(({ model_id }) => named.includes(model_id)) ?? (named.length === 0 ? here[0] : undefined)
}

const localDetail = ({ name, model_id, voices }: LocalModel, { voice_id }: Block): string => {
  const voice = voices.length > 1 && voice_id !== model_id ? voices.find(({ value }) => value === voice_id)?.label : undefined
  return [name, voice].filter(Boolean).join(' · ')
}

/** Whoever hears a tiny model answer must not take it for what a language model can do. */
const noteOf = ({ kind, model_id, description }: LocalModel) =>
  kind === 'llm' && llmProfile(model_id).demo ? { note: description } : {}

function standIn(part: Omit<AnsweringPart, 'state'>, facts: MachineFacts, why: string): AnsweringPart {
  const [local] = installed(facts, part.kind) ?? []
  if (local) return { ...part, name: local.name, detail: why, state: 'substitute', note: local.description }
  const used = findProvider(part.kind, LAST_RESORT[part.kind])
  return {
    ...part,
    name: used?.name ?? LAST_RESORT[part.kind],
    detail: why,
    state: 'substitute',
    ...(used ? { note: used.description } : {}),
  }
}

const choiceWords = (kind: ProviderKind, choice: Choice): string =>
  [findProvider(kind, choice.provider)?.name ?? choice.provider, modelOf(findProvider(kind, choice.provider), choice)]
    .filter(Boolean)
    .join(' ')

const modelOf = (provider: Provider | undefined, { model }: Choice): string =>
  model ?? (provider ? defaultModel(provider) : undefined) ?? ''

function detailOf(provider: Provider | undefined, block: Block): string {
  const id = modelOf(provider, block)
  const label = provider?.models.find((known) => known.id === id)?.label ?? id
  const host = block.base_url === undefined ? undefined : /^(?:https?|wss?):\/\/([^/]+)/.exec(block.base_url)?.[1]
  const voice = provider?.kind === 'tts' && typeof block.voice_id === 'string' ? block.voice_id : undefined
  // A rehearsal's model is only a pace, and must not look like the model itself.
  const shown = provider?.is_ai === false && label !== '' ? `at the pace of ${label}` : label
  return [shown, voice === id ? undefined : voice, host].filter(Boolean).join(' · ')
}

/** The secret references that the document's providers use, whether it names them or not. */
export const neededSecrets = (document: AgentDocument): readonly string[] => [
  ...new Set(
    KINDS.flatMap(({ kind }) =>
      blockSecrets(kind, blockOf(document, kind))
        .filter(({ needed }) => needed)
        .map(({ reference }) => reference),
    ),
  ),
]

function missingKey(kind: ProviderKind, block: Block, secrets: readonly SecretState[] | undefined): string | undefined {
  const used = blockSecrets(kind, block)
  if (needsSecret(kind, block.provider, block.base_url) && used.length === 0)
    return 'No key is named for its address, and the provider’s usual one is not sent there.'
  const missing = used.find(
    ({ needed, reference }) => needed && secrets?.some((secret) => secret.reference === reference && secret.present) === false,
  )
  return missing && `No key: ${missing.reference} is not set.`
}
