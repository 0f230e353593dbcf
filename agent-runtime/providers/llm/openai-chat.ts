import { structuredOutputOf } from '../../../core/agent/system-prompt.ts'
import { toPortableSchema } from '../../../core/output/json-schema.ts'
import type { AgentDocument } from '../../../core/agent/document.ts'
import type { LanguageModel } from './language-model.ts'
import type { ProviderScope } from '../provider-context.ts'
import { connectionOf } from '../connection.ts'

/** A local model may have to be loaded first. */
const PATIENCE_MS = 30_000

/** Any server with /chat/completions, through LiveKit's own plugin. */
export async function createOpenAiModel({ document, secrets }: ProviderScope): Promise<LanguageModel> {
  // Loaded here: most calls start without it, and it takes a while.
  const openai = await import('@livekit/agents-plugin-openai')
  const config = document.llm_config
  const server = connectionOf('llm', config, secrets)
  const patience = config['timeout_ms']
  return {
    // The client insists on a key; servers that need none ignore it.
    open: () => new openai.LLM({ model: server.model, baseURL: server.base_url, apiKey: server.key ?? 'none' }),
    extraKwargs: { ...structure(document), ...limits(document, server.base_url) },
    patience_ms: typeof patience === 'number' && patience > 0 ? patience : PATIENCE_MS,
    context: server.context,
  }
}

function structure(document: AgentDocument): Record<string, unknown> {
  const { fields } = document.schema_config
  const mode = structuredOutputOf(document.llm_config)
  if (fields.length === 0 || mode === 'prompt') return {}
  if (mode === 'json_object') return { response_format: { type: 'json_object' } }
  return {
    response_format: { type: 'json_schema', json_schema: { name: 'output', strict: true, schema: toPortableSchema(fields) } },
  }
}

/** Through the request and not the plugin's options, which would drop a temperature of 0. */
function limits({ llm_config: { temperature, max_tokens } }: AgentDocument, base_url: string): Record<string, unknown> {
  const name = base_url.includes('//api.openai.com') ? 'max_completion_tokens' : 'max_tokens'
  return { ...(temperature === undefined ? {} : { temperature }), ...(max_tokens === undefined ? {} : { [name]: max_tokens }) }
}
