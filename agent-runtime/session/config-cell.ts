import { AgentDocument } from '../../core/agent/document.ts'
import { renderPrompt } from '../../core/agent/prompt.ts'
import { structuredOutputOf, systemPrompt } from '../../core/agent/system-prompt.ts'
import { StudioError, toProblems } from '../../core/contract/errors.ts'
import type { SessionConfig } from '../../core/contract/runtime.ts'
import type { Json } from '../../core/json.ts'
import type { LanguageModel } from '../providers/llm/language-model.ts'
import { createLanguageModel } from '../providers/llm/create-language-model.ts'
import type { ProviderContext } from '../providers/provider-context.ts'
import { createTranscriber } from '../providers/stt/create-transcriber.ts'
import type { Transcriber } from '../providers/stt/transcriber.ts'
import { createVoice } from '../providers/tts/create-voice.ts'
import type { Voice } from '../providers/tts/voice.ts'

/** Everything that answers a turn, of one revision. */
export type TurnConfig = Readonly<{
  agent_id: SessionConfig['agent_id']
  revision: number
  document: AgentDocument
  /** What the LLM is told first. */
  system: string
  greeting: string
  model: LanguageModel
  /** Absent in text calls. */
  voice: Voice | undefined
  transcriber: Transcriber | undefined
}>

type Variables = Readonly<Record<string, Json>>
type CellOptions = Readonly<{ modality: 'voice' | 'text'; variables: Variables; context: ProviderContext }>

/** The configuration cell: what the next turn will be answered with. Turns that have begun keep what they began with. */
export type ConfigCell = Readonly<{
  current: () => TurnConfig
  /** Throws StudioError and keeps the present one when the new one cannot be used. */
  change: (config: SessionConfig) => Promise<TurnConfig>
}>

export async function createConfigCell(first: SessionConfig, options: CellOptions): Promise<ConfigCell> {
  let current = await toTurnConfig(first, options)
  return {
    current: () => current,
    change: async (config) => (current = await toTurnConfig(config, options)),
  }
}

async function toTurnConfig(config: SessionConfig, { modality, variables, context }: CellOptions): Promise<TurnConfig> {
  const parsed = AgentDocument.safeParse(config.content)
  if (!parsed.success) {
    throw new StudioError(
      'invalid_document',
      'The agent cannot be called as it is',
      'Mend it and save.',
      toProblems(parsed.error),
    )
  }
  const document = parsed.data
  const scope = { ...context, document, secrets: config.secrets, engines: config.engines }
  const model = await createLanguageModel(scope)
  const system = systemPrompt(document, variables, structuredOutputOf(document.llm_config))
  // Whatever goes wrong here is told when the model is asked.
  model.warm?.(system).catch(() => undefined)
  const voice = modality === 'voice' ? createVoice(scope) : undefined
  const transcriber = modality === 'voice' ? createTranscriber(scope) : undefined
  return {
    agent_id: config.agent_id,
    revision: config.revision,
    document,
    system,
    greeting: renderPrompt(document.prompt_config.greeting ?? '', variables, document).text.trim(),
    model,
    voice,
    transcriber,
  }
}
