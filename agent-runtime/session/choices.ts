import type { AgentDocument } from '../../core/agent/document.ts'
import { systemPrompt } from '../../core/agent/system-prompt.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { toolWayOf, type ToolWay } from '../../core/tools/tool-way.ts'
import { createChain, choiceOf, type Chain, type Choice } from '../providers/fallback/chain.ts'
import { createLanguageModel } from '../providers/llm/create-language-model.ts'
import type { LanguageModel } from '../providers/llm/language-model.ts'
import type { ProviderFailureContext } from '../providers/provider-failure.ts'
import type { ProviderScope } from '../providers/provider-context.ts'
import { createTranscriber } from '../providers/stt/create-transcriber.ts'
import type { Transcriber } from '../providers/stt/transcriber.ts'
import { createVoice } from '../providers/tts/create-voice.ts'
import type { Voice } from '../providers/tts/voice.ts'

/** An LLM, and the system message that fits the way in which it keeps to the schema. */
export type ModelChoice = Readonly<{
  model: LanguageModel
  system: string
  /** The same with what an extension gives for one turn. */
  systemWith: (given: TurnGiven) => string
  /** How it is told of the agent's tools. */
  tools: ToolWay
  context: ProviderFailureContext
}>

/** What an extension gives for one turn: values, words beside the instructions, or other instructions. */
export type TurnGiven = Readonly<{ variables?: JsonObject; context?: string; instructions?: string }>
type Kind = 'stt' | 'llm' | 'tts'
type Block = Readonly<{ provider: string; model?: string | undefined }>

/** The LLMs that the document names, in order. Throws StudioError when it names one alone and that cannot be used. */
export async function modelsOf(scope: ProviderScope, variables: JsonObject): Promise<Chain<ModelChoice>> {
  const { llm_config, ...rest } = scope.document
  const { temperature, max_tokens } = llm_config
  const kept = { ...(temperature === undefined ? {} : { temperature }), ...(max_tokens === undefined ? {} : { max_tokens }) }
  const documents = blocksOf(llm_config, kept).map((block): AgentDocument => ({ ...rest, llm_config: block }))
  const choices = documents.map(async (document) => {
    const system = systemPrompt(document, variables)
    const systemWith = (given: TurnGiven) => systemFor(document, variables, given)
    const create = () => createLanguageModel({ ...scope, document })
    const model = await create().catch(brokenUnless(documents.length === 1, 'llm', document.llm_config, brokenModel))
    // Whatever goes wrong here is told when the model is asked.
    model.warm?.(system).catch(() => undefined)
    return choiceOf('llm', document.llm_config, { model, system, systemWith, tools: toolWayOf(document), context: model.context })
  })
  return chainOf(await Promise.all(choices), llm_config.fallback_after_ms)
}

function systemFor(
  document: AgentDocument,
  variables: JsonObject,
  { instructions, variables: more, context }: TurnGiven,
): string {
  const { prompt_config } = document
  const told = instructions === undefined ? document : { ...document, prompt_config: { ...prompt_config, instructions } }
  return systemPrompt(told, { ...variables, ...more }, context)
}

/** Turns that have begun with them end with them. */
export function closeModels({ choices }: Chain<ModelChoice>): void {
  for (const { port } of choices) port.model.close?.()
}

/** The voices that the document names, in order, and espeak-ng behind them where it runs: a robot is better than silence. */
export function voicesOf(scope: ProviderScope): Chain<Voice> {
  const { tts_config, ...rest } = scope.document
  const { speed, instruction_field } = tts_config
  const blocks = blocksOf(tts_config, { instruction_field, ...(speed === undefined ? {} : { speed }) })
  const last = scope.engines.espeak && !blocks.some(({ provider }) => provider === ESPEAK)
  const all = last ? [...blocks, { instruction_field, provider: ESPEAK }] : blocks
  const choices = all.map((block) => {
    const create = () => createVoice({ ...scope, document: { ...rest, tts_config: block } })
    return choiceOf('tts', block, attempt(create, brokenUnless(blocks.length === 1, 'tts', block, brokenVoice)))
  })
  return chainOf(choices, tts_config.fallback_after_ms)
}

/** The STTs that the document names, in order. */
export function transcribersOf(scope: ProviderScope): Chain<Transcriber> {
  const { stt_config, ...rest } = scope.document
  const blocks = blocksOf(stt_config, { language: stt_config.language })
  const choices = blocks.map((block) => {
    const create = () => createTranscriber({ ...scope, document: { ...rest, stt_config: block } })
    return choiceOf('stt', block, attempt(create, brokenUnless(blocks.length === 1, 'stt', block, brokenTranscriber)))
  })
  return chainOf(choices, stt_config.fallback_after_ms)
}

const ESPEAK = 'espeak-ng'

/** What says how the agent speaks and hears holds for every choice that does not say otherwise; the rest belongs to the provider. */
function blocksOf<Config extends Block & Readonly<{ fallbacks?: readonly Block[] | undefined }>, Kept extends object>(
  config: Config,
  kept: Kept,
): readonly (Config | (Kept & Block))[] {
  return [config, ...(config.fallbacks ?? []).map((block) => ({ ...kept, ...block }))]
}

function chainOf<Port>([first, ...rest]: readonly Choice<Port>[], after_ms: number | undefined): Chain<Port> {
  if (!first) throw new Error('a document names at least one provider of each kind')
  return createChain([first, ...rest], after_ms)
}

function attempt<Port>(create: () => Port, otherwise: (cause: unknown) => Port): Port {
  try {
    return create()
  } catch (cause) {
    return otherwise(cause)
  }
}

/** A choice that cannot even be made fails when it is asked, like any other; the only one fails at once. */
const brokenUnless =
  <Port>(only: boolean, kind: Kind, { provider }: Block, broken: (cause: StudioError, context: ProviderFailureContext) => Port) =>
  (cause: unknown): Port => {
    if (only || !(cause instanceof StudioError)) throw cause
    return broken(cause, { kind, name: provider })
  }

const brokenModel = (cause: StudioError, context: ProviderFailureContext): LanguageModel => ({
  open: () => {
    throw cause
  },
  extraKwargs: {},
  patience_ms: 1000,
  context,
})

const brokenVoice = (cause: StudioError, context: ProviderFailureContext): Voice => ({
  steerable: false,
  async *speak() {
    await Promise.resolve()
    throw cause
  },
  context,
})

const brokenTranscriber = (cause: StudioError, context: ProviderFailureContext): Transcriber => ({
  mode: 'utterance',
  eager: false,
  transcribe: () => Promise.reject(cause),
  context,
})
