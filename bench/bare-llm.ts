/** What a program does that uses node-llama-cpp without anything of ours: the peer of the local LLM's measures. */
import { getLlama, LlamaChat, LlamaLogLevel, resolveChatWrapper, type ChatHistoryItem } from 'node-llama-cpp'

export type BareAnswer = Readonly<{ first_token_ms: number; ms_per_token: number }>
export type BareLlm = Readonly<{
  read: (history: readonly ChatHistoryItem[]) => Promise<void>
  answer: (history: readonly ChatHistoryItem[], grammar: string, maxTokens: number, penalty: number) => Promise<BareAnswer>
}>

export async function loadBareLlm(modelPath: string, threads: number): Promise<BareLlm> {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  })
  const model = await llama.loadModel({ modelPath })
  const context = await model.createContext({ contextSize: 2048, sequences: 1, threads })
  const sequence = context.getSequence()
  const chat = new LlamaChat({ contextSequence: sequence, chatWrapper: resolveChatWrapper(model) })
  return {
    read: async (history) => {
      await chat.loadChatAndCompleteUserMessage([...history], { maxTokens: 0 })
    },
    answer: async (history, text, maxTokens, penalty) => {
      const grammar = await llama.createGrammar({ grammar: text })
      const before = sequence.tokenMeter.usedOutputTokens
      const began = performance.now()
      let first = 0
      await chat.generateResponse([...history, { type: 'model', response: [] }], {
        grammar,
        maxTokens,
        temperature: 0,
        repeatPenalty: { penalty, lastTokens: 128 },
        onTextChunk: () => (first ||= performance.now()),
      })
      const tokens = sequence.tokenMeter.usedOutputTokens - before
      return { first_token_ms: first - began, ms_per_token: (performance.now() - first) / Math.max(1, tokens - 1) }
    },
  }
}

/** As a program of its own: one conversation, then its memory is looked at. */
if (process.argv[1] === import.meta.filename && process.argv[2] !== undefined) {
  const bare = await loadBareLlm(process.argv[2], 1)
  await bare.answer(
    [
      { type: 'system', text: 'You are kind.' },
      { type: 'user', text: 'Hello.' },
    ],
    'root ::= [a-z ]{40}',
    60,
    1,
  )
  process.send?.('answered')
  process.on('disconnect', () => process.exit(0))
}
