import type { llm } from '@livekit/agents'
import type { Usage } from '../../core/contract/session-events.ts'
import type { LanguageModel } from '../providers/llm/language-model.ts'
import type { ModelUsage } from '../providers/llm/streamed-model.ts'
import { SilentProvider } from '../providers/provider-failure.ts'

export type ModelPiece = Readonly<{ text?: string; usage?: Usage; call?: llm.FunctionCall }>

/** Soon: whoever waits on the telephone does not wait for long. */
const RETRY_MS = 250

/** The LLM's reply piece by piece. Throws what made it fail; ends quietly when `signal` says that nobody listens. */
export async function* readModel(
  model: LanguageModel,
  chatCtx: llm.ChatContext,
  signal: AbortSignal,
  retries: number,
): AsyncGenerator<ModelPiece> {
  const source = model.open()
  let failure: Error | undefined
  source.on('error', ({ error, recoverable }) => {
    if (!recoverable) failure = error
  })
  const connOptions = { maxRetry: retries, retryIntervalMs: RETRY_MS, timeoutMs: model.patience_ms }
  const stream = source.chat({ chatCtx, connOptions, extraKwargs: { ...model.extraKwargs } })
  const close = () => stream.close()
  signal.addEventListener('abort', close, { once: true })
  if (signal.aborted) close()
  const watch = createWatch(model.patience_ms, (silence) => {
    failure = silence
    stream.close()
  })
  try {
    for await (const { delta, usage } of stream) {
      watch.seen()
      if (delta?.content) yield { text: delta.content }
      if (delta?.toolCalls) for (const call of delta.toolCalls) yield { call }
      if (usage) yield { usage: toUsage(usage) }
    }
  } finally {
    watch.stop()
    signal.removeEventListener('abort', close)
    stream.close()
  }
  if (failure && !signal.aborted) throw failure
}

/** Fails a stream that hangs: time-outs of HTTP clients end with the first byte. */
function createWatch(patience_ms: number, onSilence: (silence: SilentProvider) => void) {
  let heard = performance.now()
  // Looked at when it is due instead of being put off at every token.
  const look = () => {
    const left = heard + patience_ms - performance.now()
    if (left <= 0) onSilence(new SilentProvider(patience_ms))
    else timer = setTimeout(look, left)
  }
  let timer = setTimeout(look, patience_ms)
  return { seen: () => void (heard = performance.now()), stop: () => clearTimeout(timer) }
}

const toUsage = (usage: ModelUsage): Usage => ({
  ...counted('prompt_tokens', usage.promptTokens),
  ...counted('completion_tokens', usage.completionTokens),
  ...counted('cached_tokens', usage.promptCachedTokens || undefined),
  ...counted('audio_prompt_tokens', usage.promptAudioTokens || undefined),
  ...counted('audio_completion_tokens', usage.completionAudioTokens || undefined),
})

/** More than any model reads. */
const MOST_TOKENS = 1_000_000_000

/** Servers behind a well-known protocol count as they like: what is no number of tokens is left out. */
function counted(name: keyof Usage, count: number | undefined): Usage {
  if (count === undefined || !Number.isFinite(count) || count < 0) return {}
  return { [name]: Math.min(Math.round(count), MOST_TOKENS) }
}
