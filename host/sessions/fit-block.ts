import type { JournalBody } from '../../core/contract/session-events.ts'
import { findProvider, isLoopback, type ProviderKind } from '../../core/providers/index.ts'
import { modelFor, type LocalModels, type Wish } from '../runtime/local-model.ts'

export type Substitution = Extract<JournalBody, { type: 'provider.substituted' }>

/** One choice of a kind: its block of the document, or one of its fallbacks. */
export type Choice = Readonly<{
  provider: string
  model?: string | undefined
  base_url?: string | undefined
  api_key?: string | undefined
  api_secret?: string | undefined
  [key: string]: unknown
}>
export type Block = Choice & Readonly<{ fallbacks?: readonly Choice[] | undefined }>

export type Machine = Readonly<{ local: LocalModels; offline: boolean }>
type Fitted = Readonly<{ block: Block; substitutions: readonly Substitution[] }>
type Reason = Readonly<{ reason: string; hint: string }>

const NO_SPEECH: Reason = {
  reason: 'The built-in speech set is not on this machine.',
  hint: 'Get the offline set before a call or in Models & keys (or run `greenroom models get starter`); the next call uses it.',
}
const NO_LLM: Reason = {
  reason: 'No built-in LLM is on this machine.',
  hint: 'Get one in Models & keys → Models (or run `greenroom models list`); the next call uses it.',
}
const OFFLINE: Reason = {
  reason: 'Greenroom is in offline mode, and this provider is not on this machine.',
  hint: 'Turn offline off in Settings, or choose a built-in provider in Voice & models.',
}

/** What belongs to one provider and means nothing to another. */
const OF_PROVIDER = [
  'model',
  'base_url',
  'api_key',
  'api_secret',
  'voice_id',
  'voice_name',
  'fallbacks',
  'structured_output',
  'supports_structured_output',
]

/** The block with those of its choices that this machine can use, in order; what was left out or replaced is told. */
export function fitBlock(kind: ProviderKind, block: Block, machine: Machine): Fitted {
  const { fallbacks = [], ...main } = block
  const judged = [main, ...fallbacks].map((choice) => judge(kind, { language: block['language'], ...choice }, choice, machine))
  const usable = judged.flatMap(({ usable: choice }) => (choice ? [choice] : []))
  const [first = standIn(kind, block, machine), ...rest] = usable
  const substitutions = judged.flatMap(({ choice, usable: instead, why }) =>
    why ? [substitution(kind, choice, instead ?? first, why)] : [],
  )
  const isOwn = judged[0]?.usable === first
  const base = isOwn ? block : withoutProvider(block)
  return { block: { ...base, ...first, ...((isOwn ? fallbacks : rest).length > 0 && { fallbacks: rest }) }, substitutions }
}

/** The block's own settings without what was meant for its provider. */
export const withoutProvider = (block: Block): Block => ({
  ...Object.fromEntries(Object.entries(block).filter(([key]) => !OF_PROVIDER.includes(key))),
  provider: block.provider,
})

export const choiceName = ({ provider, model }: Choice): string => (model ? `${provider} ${model}` : provider)

type Judged = Readonly<{ choice: Choice; usable?: Choice; why?: Reason }>

function judge(kind: ProviderKind, wish: Wish, choice: Choice, { local, offline }: Machine): Judged {
  const provider = findProvider(kind, choice.provider)
  if (offline && provider?.network === 'to its address' && !isLoopback(choice.base_url ?? provider.base_url ?? ''))
    return { choice, why: OFFLINE }
  if (provider?.id !== 'builtin') return { choice, usable: choice }
  const found = modelFor(kind, wish, local)
  if (!found) return { choice, why: kind === 'llm' ? NO_LLM : NO_SPEECH }
  if (found.is_asked) return { choice, usable: kind === 'tts' || choice.model ? choice : { ...choice, model: found.model_id } }
  const { voice_id: _, voice_name: __, ...kept } = choice
  const reason = `The built-in model "${choice.model ?? String(choice['voice_id'])}" is not on this machine.`
  return { choice, usable: { ...kept, model: found.model_id }, why: { reason, hint: 'Get it in Models & keys → Models.' } }
}

/** What answers when no choice can: something of this machine. */
function standIn(kind: ProviderKind, { language }: Block, { local }: Machine): Choice {
  const found = modelFor(kind, { language }, local)
  if (found) return { provider: 'builtin', model: found.model_id }
  return { provider: kind === 'tts' ? 'espeak-ng' : 'rehearsal' }
}

const substitution = (kind: ProviderKind, asked: Choice, used: Choice, why: Reason): Substitution => ({
  type: 'provider.substituted',
  kind,
  asked: choiceName(asked),
  used: choiceName(used),
  ...why,
})
