import { setTimeout as sleep } from 'node:timers/promises'
import { DEFAULT_API_CONNECT_OPTIONS, llm, type APIConnectOptions } from '@livekit/agents'
import { HttpFailure } from '../provider-failure.ts'
import type { ModelCall } from './called.ts'

/** With the part of it that was sound. */
export type ModelUsage = llm.CompletionUsage & Readonly<{ promptAudioTokens?: number; completionAudioTokens?: number }>
/** Words as they come, calls of tools when they are whole, and what they took; usage may come more than once, the last one counts. */
export type ModelPiece = Readonly<{ text: string } | { usage: ModelUsage } | { call: ModelCall }>
/** One request. It ends when the reply is whole, and throws for every other end. */
export type AskModel = (chatCtx: llm.ChatContext, signal: AbortSignal) => AsyncIterable<ModelPiece>
type Named = Readonly<{ provider: string; model: string }>

/**
 * An LLM of the session library over one protocol of ours. Unlike a plugin's, closing it ends the request, and a failure reaches
 * the reader as it was thrown: with its status, its cause and how long to wait.
 */
export class StreamedModel extends llm.LLM {
  readonly #named: Named
  readonly #ask: AskModel

  constructor(named: Named, ask: AskModel) {
    super()
    this.#named = named
    this.#ask = ask
  }

  override label() {
    return `greenroom.${this.#named.provider}`
  }
  override get model() {
    return this.#named.model
  }
  override get provider() {
    return this.#named.provider
  }

  override chat({ chatCtx, connOptions }: { chatCtx: llm.ChatContext; connOptions?: APIConnectOptions }): llm.LLMStream {
    return new Reply(this, chatCtx, connOptions ?? DEFAULT_API_CONNECT_OPTIONS, this.#ask)
  }
}

class Reply extends llm.LLMStream {
  readonly #ask: AskModel

  constructor(owner: llm.LLM, chatCtx: llm.ChatContext, connOptions: APIConnectOptions, ask: AskModel) {
    super(owner, { chatCtx, connOptions })
    this.#ask = ask
  }

  /** Tries again by itself: the library would only do so for errors of its own, which forget what happened. */
  protected override async run(): Promise<void> {
    for (let left = this.connOptions.maxRetry; ; left--) {
      const again = await this.#attempt(left > 0)
      if (!again) return
      const { signal } = this.abortController
      await sleep(this.connOptions.retryIntervalMs, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
    }
  }

  /** True when it failed before a word came and may go better the next time. */
  async #attempt(mayRetry: boolean): Promise<boolean> {
    const { signal } = this.abortController
    let begun = false
    try {
      for await (const piece of this.#ask(this.chatCtx, signal)) {
        if (signal.aborted) return false
        if ('usage' in piece) this.queue.put({ id: '', usage: piece.usage })
        else if ('call' in piece) {
          begun = true
          this.queue.put({ id: '', delta: { role: 'assistant', toolCalls: [functionCall(piece.call)] } })
        } else if (piece.text !== '') {
          begun = true
          this.queue.put({ id: '', delta: { role: 'assistant', content: piece.text } })
        }
      }
    } catch (cause) {
      if (signal.aborted) return false
      if (begun || !mayRetry || !mayPass(cause)) throw cause
      return true
    }
    return false
  }
}

const functionCall = ({ name, text, extra, signature }: ModelCall): llm.FunctionCall =>
  llm.FunctionCall.create({
    callId: '',
    name,
    args: text,
    ...(extra && { extra }),
    ...(signature !== undefined && { thoughtSignature: signature }),
  })

/** Faults of the server and of the network pass; refusals do not, and who says how long to wait is not asked before. */
const mayPass = (cause: unknown): boolean =>
  cause instanceof HttpFailure
    ? cause.status >= 500 || (cause.status === 429 && cause.retry_after_ms === undefined)
    : cause instanceof TypeError

/** A reply that stopped without its protocol's last word. */
export const cutShort = () => new Error('premature end of the answer')
