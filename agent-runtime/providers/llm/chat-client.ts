import { APITimeoutError, type llm } from '@livekit/agents'
import type { ClientOptions } from 'openai'
import type { Connection } from '../connection.ts'
import { refusalOf } from '../http.ts'
import { callByCall } from './call-by-call.ts'

type Failed = { cause?: unknown }

/** What OpenAI's library is told: nothing of the environment goes along, no redirect is followed, and failures are noted. */
export function clientOptions(server: Connection, failed: Failed, has_tools = false): ClientOptions {
  return {
    baseURL: server.base_url,
    // The library insists on a key; servers that need none ignore it.
    apiKey: server.key ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    fetch: async (input, init) => {
      const response = await notedFetch(input, init, failed, server.key)
      return has_tools && response.ok ? callByCall(response) : response
    },
  }
}

async function notedFetch(
  input: string | URL | Request,
  init: RequestInit | undefined,
  failed: Failed,
  key = '',
): Promise<Response> {
  delete failed.cause
  try {
    // A redirect could carry a key to another host.
    const response = await fetch(input, { ...init, redirect: 'manual' })
    if (!response.ok) failed.cause = await refusalOf(response.clone(), { authorization: key })
    return response
  } catch (cause) {
    if (!init?.signal?.aborted) failed.cause = cause
    throw cause
  }
}

/** LiveKit's errors forget how long to wait and what the network said; whoever listens hears what was noted instead. */
export function tellingWhy<Model extends llm.LLM>(model: Model, failed: Failed): Model {
  model.on('error', (event) => {
    const { cause } = failed
    if (cause instanceof Error && !(event.error instanceof APITimeoutError)) event.error = cause
  })
  return model
}
