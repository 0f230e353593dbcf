import { AgentDocument } from '../../core/agent/document.ts'
import { renderPrompt } from '../../core/agent/prompt.ts'
import { StudioError, toProblems } from '../../core/contract/errors.ts'
import type { PriceEntry } from '../../core/contract/providers.ts'
import type { SessionConfig } from '../../core/contract/runtime.ts'
import type { LoadedExtension } from '../../core/extension/extension-report.ts'
import type { Extensions } from '../extensions/extensions.ts'
import type { Json } from '../../core/json.ts'
import type { Chain } from '../providers/fallback/chain.ts'
import { closeAll, fallbackTranscriber, type SttTold } from '../providers/fallback/fallback-transcriber.ts'
import type { ProviderContext, ProviderScope } from '../providers/provider-context.ts'
import type { Transcriber } from '../providers/stt/transcriber.ts'
import type { Voice } from '../providers/tts/voice.ts'
import { turnTools, type TurnTools } from '../tools/turn-tools.ts'
import { closeModels, modelsOf, transcribersOf, voicesOf, type ModelChoice } from './choices.ts'

/** Everything that answers a turn, of one revision. */
export type TurnConfig = Readonly<{
  agent_id: SessionConfig['agent_id']
  revision: number
  document: AgentDocument
  greeting: string
  models: Chain<ModelChoice>
  /** Absent in text calls. */
  voices: Chain<Voice> | undefined
  transcriber: Transcriber | undefined
  prices: readonly PriceEntry[]
  tools: TurnTools
  /** Registers the type of the agent. */
  extension: LoadedExtension | undefined
}>

type Variables = Readonly<Record<string, Json>>
type CellOptions = Readonly<{
  modality: 'voice' | 'text'
  variables: Variables
  context: ProviderContext
  told: SttTold
  extensions?: Pick<Extensions, 'find'> | undefined
}>

/** The configuration cell: what the next turn will be answered with. Turns that have begun keep what they began with. */
export type ConfigCell = Readonly<{
  current: () => TurnConfig
  /** Throws StudioError and keeps the present one when the new one cannot be used. */
  change: (config: SessionConfig) => Promise<TurnConfig>
  /** Values for the prompt above those that the call has, until another agent answers. */
  add: (variables: Variables) => Promise<void>
  close: () => void
}>

export async function createConfigCell(first: SessionConfig, options: CellOptions): Promise<ConfigCell> {
  const ear = createEar(options)
  let config = first
  let added: Variables = {}
  let current = await toTurnConfig(first, options, ear, added)

  async function use(next: SessionConfig, more: Variables): Promise<TurnConfig> {
    const before = current
    current = await toTurnConfig(next, options, ear, more)
    config = next
    added = more
    closeModels(before.models)
    return current
  }

  return {
    current: () => current,
    change: (next) => use(next, next.agent_id === config.agent_id ? added : {}),
    add: async (variables) => void (await use(config, { ...added, ...variables })),
    close() {
      closeModels(current.models)
      ear.close()
    },
  }
}

async function toTurnConfig(config: SessionConfig, options: CellOptions, ear: Ear, added: Variables): Promise<TurnConfig> {
  const { modality, context } = options
  const variables = { ...(config.variables ?? options.variables), ...added }
  const parsed = AgentDocument.safeParse(config.content)
  if (!parsed.success) {
    throw new StudioError(
      'invalid_document',
      'The agent cannot be called as it is',
      'Mend it and save.',
      toProblems(parsed.error),
    )
  }
  const extension = await options.extensions?.find(parsed.data.agent_type)
  const document = withExtensionTools(parsed.data, extension)
  const scope = { ...context, document, secrets: config.secrets, engines: config.engines }
  const models = await modelsOf(scope, variables)
  try {
    return {
      agent_id: config.agent_id,
      revision: config.revision,
      document,
      greeting: renderPrompt(document.prompt_config.greeting ?? '', variables, document).text.trim(),
      models,
      voices: modality === 'voice' ? voicesOf(scope) : undefined,
      transcriber: modality === 'voice' ? ear.transcriberFor(scope) : undefined,
      prices: config.prices,
      tools: turnTools(document, variables, config.secrets),
      extension,
    }
  } catch (cause) {
    closeModels(models)
    throw cause
  }
}

/** Its own tools are the agent's as well; one of the document that has the same name stands. */
function withExtensionTools(document: AgentDocument, extension: LoadedExtension | undefined): AgentDocument {
  if (!extension || document.extension_tools === false) return document
  const named = new Set(document.tools.map(({ name }) => name))
  return { ...document, tools: [...document.tools, ...extension.tools.filter(({ name }) => !named.has(name))] }
}

type Ear = Readonly<{ transcriberFor: (scope: ProviderScope) => Transcriber; close: () => void }>

/** Connections to an STT stay open over changes that are not about it. */
function createEar({ told }: CellOptions): Ear {
  let open: Readonly<{ made_of: string; chain: Chain<Transcriber>; transcriber: Transcriber }> | undefined
  const close = () => open && closeAll(open.chain)
  return {
    transcriberFor(scope) {
      const made_of = JSON.stringify([scope.document.stt_config, scope.secrets, scope.engines])
      if (open?.made_of === made_of) return open.transcriber
      const chain = transcribersOf(scope)
      close()
      open = { made_of, chain, transcriber: fallbackTranscriber(chain, told) }
      return open.transcriber
    },
    close,
  }
}
