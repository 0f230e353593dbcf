import { randomUUID } from 'node:crypto'
import { DEFAULT_API_CONNECT_OPTIONS, llm, type APIConnectOptions } from '@livekit/agents'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { llmProviders } from '../../../core/providers/index.ts'
import type { EngineClient } from '../../engines/engine-client.ts'
import type { GenerateRequest, GenerateUsage } from '../../engines/engine.ts'
import { engineFor } from '../engine-for.ts'
import type { ProviderScope } from '../provider-context.ts'
import { builtinRequest } from './builtin-request.ts'
import type { LanguageModel } from './language-model.ts'

/** The engine may have to load the model first: some seconds for a large one. */
const PATIENCE_MS = 60_000

/** llama.cpp in the host's engine process, with what this model needs to sound sane. */
export function createBuiltinModel(scope: ProviderScope): LanguageModel {
  const { document } = scope
  const engine = engineFor(scope, 'llm', llmProviders.builtin.name)
  const conversation = randomUUID()
  const model = document.llm_config.model ?? ''
  return {
    open: () => new BuiltinLLM(engine, document, conversation),
    extraKwargs: {},
    patience_ms: PATIENCE_MS,
    context: { kind: 'llm', name: llmProviders.builtin.name, model },
    async warm(system) {
      const request = builtinRequest(document, conversation, [{ role: 'system', content: system }])
      for await (const _ of engine.generate({ ...request, max_tokens: 0 })) void _
    },
  }
}

type Message = GenerateRequest['messages'][number]

class BuiltinLLM extends llm.LLM {
  readonly #engine: EngineClient
  readonly #document: AgentDocument
  readonly #conversation: string

  constructor(engine: EngineClient, document: AgentDocument, conversation: string) {
    super()
    this.#engine = engine
    this.#document = document
    this.#conversation = conversation
  }

  override label() {
    return 'greenroom.BuiltinLLM'
  }
  override get model() {
    return this.#document.llm_config.model ?? ''
  }
  override get provider() {
    return 'builtin'
  }

  override chat({ chatCtx, connOptions }: { chatCtx: llm.ChatContext; connOptions?: APIConnectOptions }): llm.LLMStream {
    const request = builtinRequest(this.#document, this.#conversation, messagesIn(chatCtx))
    const options = { chatCtx, connOptions: connOptions ?? DEFAULT_API_CONNECT_OPTIONS }
    return new BuiltinStream(this, options, this.#engine, request)
  }
}

function messagesIn(chatCtx: llm.ChatContext): Message[] {
  return chatCtx.items.flatMap((item): Message[] => {
    if (item.type !== 'message') return []
    const content = item.textContent ?? ''
    return [{ role: item.role === 'user' || item.role === 'assistant' ? item.role : 'system', content }]
  })
}

class BuiltinStream extends llm.LLMStream {
  readonly #engine: EngineClient
  readonly #request: GenerateRequest

  constructor(
    owner: BuiltinLLM,
    options: { chatCtx: llm.ChatContext; connOptions: APIConnectOptions },
    engine: EngineClient,
    request: GenerateRequest,
  ) {
    super(owner, options)
    this.#engine = engine
    this.#request = request
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController
    const id = this.#request.conversation
    try {
      for await (const item of this.#engine.generate(this.#request, signal)) {
        if ('text' in item) this.queue.put({ id, delta: { role: 'assistant', content: item.text } })
        else this.queue.put({ id, usage: usageOf(item.usage) })
      }
    } catch (cause) {
      if (!signal.aborted) throw cause
    }
  }
}

const usageOf = ({ prompt_tokens = 0, cached_tokens = 0, completion_tokens = 0 }: GenerateUsage): llm.CompletionUsage => ({
  promptTokens: prompt_tokens,
  promptCachedTokens: cached_tokens,
  completionTokens: completion_tokens,
  totalTokens: prompt_tokens + completion_tokens,
})
