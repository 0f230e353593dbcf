import type { AgentDocument } from '../../core/agent/document.ts'

type Block = Readonly<{
  provider: string
  model?: string | undefined
  voice_id?: unknown
  fallbacks?: readonly Block[] | undefined
}>

/** Names by which a document asks for models of this machine, `kind:name`; a kind alone asks for whichever is first. */
export function builtinModelsOf({ stt_config, llm_config, tts_config }: AgentDocument): string[] {
  return [...named('stt', stt_config), ...named('llm', llm_config), ...named('tts', tts_config)]
}

function named(kind: string, { provider, model, voice_id, fallbacks = [] }: Block): string[] {
  const rest = fallbacks.flatMap((fallback) => named(kind, fallback))
  if (provider !== 'builtin') return rest
  const names = [model, voice_id].filter((name) => typeof name === 'string' && name !== '')
  return [...(names.length === 0 ? [`${kind}:`] : names.map((name) => `${kind}:${String(name)}`)), ...rest]
}
