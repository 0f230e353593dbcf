import type { AgentDocument } from '../../../core/agent/document.ts'
import type { JsonObject } from '../../../core/json.ts'
import { toPortableSchema } from '../../../core/output/json-schema.ts'
import { findModel, findProvider, isLoopback } from '../../../core/providers/index.ts'
import { toolSpecs, type ToolSpec } from '../../../core/tools/tool-spec.ts'
import { outputWayOf, toolWayOf } from '../../../core/tools/tool-way.ts'

/** What a document asks of its LLM beside the words, before a protocol gives it names of its own. */
export type Wanted = Readonly<{
  /** The schema that the provider shall enforce. */
  schema: JsonObject | undefined
  /** Any JSON object; its shape stands in the prompt. */
  json: boolean
  /** 0 is 0. Absent also where the model refuses any, as most do that think. */
  temperature: number | undefined
  max_tokens: number | undefined
  /** What the model needs to answer without thinking first, in its protocol's own words. */
  at_once: JsonObject
  /** Whether the catalogue knows the model, and so what it refuses. */
  known: boolean
  /** What it may call; empty also where it is told of them in the prompt. */
  tools: readonly ToolSpec[]
}>

export function wantedOf({ llm_config, schema_config: { fields }, tools }: AgentDocument): Wanted {
  const model = findModel(findProvider('llm', llm_config.provider), llm_config.model)
  const thinks = model?.at_once !== undefined && llm_config['think_first'] === true
  const mode = fields.length === 0 ? 'prompt' : outputWayOf({ llm_config, tools })
  return {
    schema: mode === 'json_schema' ? toPortableSchema(fields) : undefined,
    json: mode === 'json_object',
    temperature: thinks || model?.refuses?.includes('temperature') ? undefined : llm_config.temperature,
    max_tokens: llm_config.max_tokens,
    at_once: (thinks ? undefined : model?.at_once) ?? {},
    known: model !== undefined,
    tools: toolWayOf({ llm_config, tools }) === 'native' ? toolSpecs(tools) : [],
  }
}

/** How long a caller is left in silence before the next choice, or a word of regret. A model on this machine may have to be loaded first. */
const PATIENCE_MS = { here: 30_000, elsewhere: 10_000 } as const

/** How long a silence is taken for a failure. */
export function patienceOf({ llm_config }: AgentDocument): number {
  const patience = llm_config['timeout_ms']
  if (typeof patience === 'number' && patience > 0) return patience
  const address = llm_config.base_url ?? findProvider('llm', llm_config.provider)?.base_url ?? ''
  return isLoopback(address) ? PATIENCE_MS.here : PATIENCE_MS.elsewhere
}
