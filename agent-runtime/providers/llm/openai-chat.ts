import type { ClientOptions } from 'openai'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { connectionOf, type Connection } from '../connection.ts'
import type { ProviderScope } from '../provider-context.ts'
import { clientOptions, tellingWhy } from './chat-client.ts'
import { chatWires, type ChatProviderId, type ChatWire } from './chat-wires.ts'
import type { LanguageModel } from './language-model.ts'
import { patienceOf, wantedOf } from './wanted.ts'

/** Any server with /chat/completions, through LiveKit's own plugin. */
export const createChatModel =
  (id: ChatProviderId) =>
  async ({ document, secrets }: ProviderScope): Promise<LanguageModel> => {
    // Loaded here: most calls start without them, and they take a while.
    const [plugin, { OpenAI }] = await Promise.all([import('@livekit/agents-plugin-openai'), import('openai')])
    const wire = chatWires[id]
    const server = requireServer(connectionOf('llm', document.llm_config, secrets))
    const place = placeOf(document, server, wire)
    return {
      open: () => {
        const failed = {}
        const client = new OpenAI({ ...clientOptions(server, failed, document.tools.length > 0), ...place })
        return tellingWhy(new plugin.LLM({ model: server.model, client }), failed)
      },
      extraKwargs: chatRequest(document, server.base_url, wire),
      patience_ms: patienceOf(document),
      context: server.context,
    }
  }

function requireServer(server: Connection): Connection {
  const { name } = server.context
  if (!server.base_url)
    throw new StudioError('invalid_document', `The LLM (${name}) has no address`, 'Fill in its address in Voice & models.')
  if (!server.model) throw new StudioError('invalid_document', `The LLM (${name}) has no model`, 'Choose one in Voice & models.')
  return server
}

/** Azure has its key in a header of its own and, in its older protocol, the deployment in the path and a version behind it. */
function placeOf({ llm_config }: AgentDocument, { base_url, model, key }: Connection, { auth }: ChatWire): ClientOptions {
  if (auth === undefined) return {}
  const version = llm_config['api_version']
  const older = typeof version === 'string' && version !== ''
  return {
    defaultHeaders: { authorization: null, [auth]: key ?? '' },
    ...(older && {
      baseURL: `${base_url}/deployments/${encodeURIComponent(model)}`,
      defaultQuery: { 'api-version': version },
    }),
  }
}

/** `extra_body` goes as it stands; the plugin looks through the rest and drops what it believes a model refuses. */
export function chatRequest(document: AgentDocument, base_url: string, wire: ChatWire): Record<string, unknown> {
  const { schema, json, temperature, max_tokens, at_once, known, tools } = wantedOf(document)
  const warm = temperature === undefined ? {} : { temperature }
  const limit = base_url.includes('//api.openai.com') ? 'max_completion_tokens' : wire.limit
  return {
    ...(known ? {} : warm),
    extra_body: {
      ...(known ? warm : {}),
      ...(max_tokens === undefined ? {} : { [limit]: max_tokens }),
      ...(schema && { response_format: { type: 'json_schema', json_schema: { name: 'output', strict: true, schema } } }),
      ...(schema && wire.with_schema),
      ...(json ? { response_format: { type: 'json_object' } } : {}),
      ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', function: { ...tool, ...wire.with_tool } })) }),
      ...(wire.usage === 'unasked' ? { stream_options: undefined } : {}),
      ...at_once,
    },
  }
}
