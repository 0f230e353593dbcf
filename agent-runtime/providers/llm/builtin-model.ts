import { randomUUID } from 'node:crypto'
import { DEFAULT_API_CONNECT_OPTIONS, llm, type APIConnectOptions } from '@livekit/agents'
import { llmProviders } from '../../../core/providers/index.ts'
import type { ReplyReader } from '../../../core/output/spoken-form.ts'
import type { EngineClient } from '../../engines/engine-client.ts'
import type { GenerateRequest, GenerateUsage } from '../../engines/engine.ts'
import { engineFor } from '../engine-for.ts'
import type { ProviderScope } from '../provider-context.ts'
import { builtinForm, type BuiltinForm } from './builtin-request.ts'
import type { LanguageModel } from './language-model.ts'

/** The engine may have to load the model first: some seconds for a large one. */
const PATIENCE_MS = 60_000

/** llama.cpp in the host's engine process, with what this model needs to sound sane. */
export function createBuiltinModel(scope: ProviderScope): LanguageModel {
  const { document } = scope
  const engine = engineFor(scope, 'llm', llmProviders.builtin.name)
  const form = builtinForm(document)
  const conversation = randomUUID()
  const model = document.llm_config.model ?? ''
  return {
    open: () => new BuiltinLLM(engine, form, { conversation, model }),
    extraKwargs: {},
    patience_ms: PATIENCE_MS,
    context: { kind: 'llm', name: llmProviders.builtin.name, model },
    async warm(system) {
      const request = form.request(conversation, [{ role: 'system', content: system }])
      for await (const _ of engine.generate({ ...request, max_tokens: 0 })) void _
    },
  }
}

type Message = GenerateRequest['messages'][number]
type Names = Readonly<{ conversation: string; model: string }>

class BuiltinLLM extends llm.LLM {
  readonly #engine: EngineClient
  readonly #form: BuiltinForm
  readonly #names: Names

  constructor(engine: EngineClient, form: BuiltinForm, names: Names) {
    super()
    this.#engine = engine
    this.#form = form
    this.#names = names
  }

  override label() {
    return 'greenroom.BuiltinLLM'
  }
  override get model() {
    return this.#names.model
  }
  override get provider() {
    return 'builtin'
  }

  override chat({ chatCtx, connOptions }: { chatCtx: llm.ChatContext; connOptions?: APIConnectOptions }): llm.LLMStream {
    const request = this.#form.request(this.#names.conversation, messagesIn(chatCtx))
    const options = { chatCtx, connOptions: connOptions ?? DEFAULT_API_CONNECT_OPTIONS }
    return new BuiltinStream(this, options, { engine: this.#engine, request, reader: this.#form.reader() })
  }
}

function messagesIn(chatCtx: llm.ChatContext): Message[] {
  return chatCtx.items.flatMap((item): Message[] => {
    if (item.type !== 'message') return []
    const content = item.textContent ?? ''
    return [{ role: item.role === 'user' || item.role === 'assistant' ? item.role : 'system', content }]
  })
}

type Asked = Readonly<{ engine: EngineClient; request: GenerateRequest; reader: ReplyReader }>

class BuiltinStream extends llm.LLMStream {
  readonly #asked: Asked

  constructor(owner: BuiltinLLM, options: { chatCtx: llm.ChatContext; connOptions: APIConnectOptions }, asked: Asked) {
    super(owner, options)
    this.#asked = asked
  }

  protected override async run(): Promise<void> {
    const { engine, request, reader } = this.#asked
    const { signal } = this.abortController
    const say = (content: string) => {
      if (content !== '') this.queue.put({ id: request.conversation, delta: { role: 'assistant', content } })
    }
    try {
      for await (const item of engine.generate(request, signal)) {
        if ('text' in item) say(reader.push(item.text))
        else {
          say(reader.end())
          this.queue.put({ id: request.conversation, usage: usageOf(item.usage) })
        }
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
