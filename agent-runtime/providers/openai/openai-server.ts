import { defaultSecret, needsSecret, OPENAI_BASE_URL } from '../../../core/providers/index.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import { HttpFailure, type ProviderFailureContext } from '../provider-failure.ts'

type Block = Readonly<{ base_url?: string | undefined; api_key?: string | undefined; model?: string | undefined }>

/** An OpenAI-compatible server as a document names it, with the key that the host resolved. */
export type OpenAiServer = Readonly<{ base_url: string; key: string | undefined; model: string; context: ProviderFailureContext }>

export function openAiServer(
  kind: ProviderKind,
  name: string,
  block: Block,
  secrets: Readonly<Record<string, string>>,
  model: string,
): OpenAiServer {
  const base_url = (block.base_url ?? OPENAI_BASE_URL).replace(/\/+$/, '')
  const needed = needsSecret(kind, 'openai-compatible', block.base_url)
  const reference = block.api_key ?? (needed ? defaultSecret(kind, 'openai-compatible') : undefined)
  const key = reference === undefined ? undefined : secrets[reference] || undefined
  const chosen = block.model ?? model
  return {
    base_url,
    key,
    model: chosen,
    context: { kind, name, model: chosen, base_url, key_reference: reference, key_given: key !== undefined },
  }
}

/** POSTs to the server; throws HttpFailure with what it said when it refuses. */
export async function post(server: OpenAiServer, path: string, body: string | FormData, signal: AbortSignal): Promise<Response> {
  const response = await fetch(`${server.base_url}${path}`, {
    method: 'POST',
    body,
    signal,
    headers: {
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...(server.key === undefined ? {} : { authorization: `Bearer ${server.key}` }),
    },
  })
  if (response.ok) return response
  const retry = Number(response.headers.get('retry-after'))
  throw new HttpFailure(response.status, reasonOf(await response.text()), retry > 0 ? retry * 1000 : undefined)
}

/** `{"error": {"message": …}}` as OpenAI says it, or the first words of whatever else came. */
function reasonOf(text: string): string {
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1]
  return (message ?? text).slice(0, 300)
}
