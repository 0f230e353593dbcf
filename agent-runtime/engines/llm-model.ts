import { performance } from 'node:perf_hooks'
import {
  resolveChatWrapper,
  TokenMeter,
  type ChatHistoryItem,
  type Llama,
  type LlamaGrammar,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp'
import type { GenerateRequest, Generated } from './engine.ts'
import { checkGguf } from './gguf-header.ts'
import { fitHistory, type Sized } from './fit-history.ts'
import { createInbox } from './inbox.ts'
import type { LlmFile } from './llm-files.ts'
import { createConversations, type Conversation } from './llm-conversations.ts'

/** A model that is loaded. */
export type LlmModel = Readonly<{
  name: string
  generate: (request: GenerateRequest, signal: AbortSignal) => AsyncGenerator<Generated>
  /** How long nobody has asked for it, ms; 0 while it works. */
  idleFor: () => number
  /** Frees conversations that nobody has used for so long. */
  expire: (idle_ms: number) => Promise<void>
  close: () => Promise<void>
}>

type Message = GenerateRequest['messages'][number]

/** What a template writes around each message. */
const AROUND_MESSAGE = 8
const LONGEST_CONTEXT = 8192
const KNOWN_GRAMMARS = 16
const PENALTY_TOKENS = 128

export async function loadLlmModel(llama: Llama, { name, path }: LlmFile): Promise<LlmModel> {
  const model = await load(llama, { name, path })
  const wrapper = resolveChatWrapper(model, { warningLogs: false, customWrapperSettings: { qwen: { thoughts: 'discourage' } } })
  const conversations = createConversations(model, wrapper)
  const grammarOf = rememberGrammars(llama)
  const punished = wordsOnly(model)
  let running = 0
  let usedAt = performance.now()

  const sized = (message: Message): Sized<Message> => ({
    message,
    tokens: model.tokenize(message.content).length + AROUND_MESSAGE,
  })

  async function answer(request: GenerateRequest, say: (text: string) => void, signal: AbortSignal): Promise<Generated> {
    const messages = request.messages.map(sized)
    const fixed = messages.findIndex(({ message }) => message.role !== 'system')
    const head = messages.slice(0, fixed < 0 ? messages.length : fixed)
    const longest = Math.min(request.longest_context ?? LONGEST_CONTEXT, model.trainContextSize)
    const reply = Math.min(request.max_tokens, Math.floor(longest / 2))
    const whole = total(messages) + reply + AROUND_MESSAGE
    if (total(head) + reply + (messages.at(-1)?.tokens ?? 0) > longest) throw tooLong(name, total(head), longest, reply)
    const grammar = request.grammar === undefined ? undefined : await grammarOf(request.grammar)
    return conversations.use(request.conversation, Math.min(whole, longest), signal, async (conversation) => {
      const room = conversation.sequence.contextSize - reply - AROUND_MESSAGE
      const shown = fitHistory(messages, { fixed: head.length, room, dropped: conversation.dropped })
      const forgets = shown.dropped > conversation.dropped
      conversation.dropped = shown.dropped
      const history = toHistory(shown.messages.map(({ message }) => message))
      if (forgets) await forget(conversation, history)
      const before = conversation.sequence.tokenMeter.getState()
      await write(conversation, history, { ...request, max_tokens: reply }, grammar, say, signal)
      const used = TokenMeter.diff(conversation.sequence.tokenMeter, before)
      const cached = Math.max(0, conversation.sequence.nextTokenIndex - used.usedInputTokens - used.usedOutputTokens)
      return {
        usage: {
          prompt_tokens: cached + used.usedInputTokens,
          cached_tokens: cached,
          completion_tokens: used.usedOutputTokens,
        },
      }
    })
  }

  /** What stays is moved together instead of being read again, which would take a slow machine many seconds. */
  async function forget({ sequence }: Conversation, history: ChatHistoryItem[]): Promise<void> {
    const { contextText } = wrapper.generateContextState({ chatHistory: [...history, { type: 'model', response: [] }] })
    await sequence.adaptStateToTokens(contextText.tokenize(model.tokenizer), true)
  }

  async function write(
    { chat }: Conversation,
    history: ChatHistoryItem[],
    { max_tokens, temperature, seed, repeat_penalty = 1 }: GenerateRequest,
    grammar: LlamaGrammar | undefined,
    say: (text: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const stop = { signal, stopOnAbortSignal: true } as const
    if (max_tokens === 0) {
      await chat.loadChatAndCompleteUserMessage(history, { ...stop, maxTokens: 0 })
      return
    }
    await chat.generateResponse([...history, { type: 'model', response: [] }], {
      ...stop,
      maxTokens: max_tokens,
      temperature,
      ...(seed === undefined ? {} : { seed }),
      ...(grammar === undefined ? {} : { grammar }),
      repeatPenalty:
        repeat_penalty === 1 ? false : { penalty: repeat_penalty, lastTokens: PENALTY_TOKENS, punishTokensFilter: punished },
      onTextChunk: say,
    })
  }

  return {
    name,
    async *generate(request, signal) {
      running += 1
      const inbox = createInbox<Generated | undefined>()
      const done = answer(request, (text) => inbox.push({ text }), signal)
      done.then(inbox.push, (cause: unknown) => inbox.fail(cause instanceof Error ? cause : new Error(String(cause))))
      try {
        for await (const item of inbox.items()) {
          if (item) yield item
          if (item && 'usage' in item) return
        }
      } finally {
        await done.catch(() => undefined)
        running -= 1
        usedAt = performance.now()
      }
    },
    idleFor: () => (running > 0 ? 0 : performance.now() - usedAt),
    expire: conversations.expire,
    async close() {
      await conversations.close()
      await model.dispose()
    },
  }
}

async function load(llama: Llama, { name, path }: LlmFile): Promise<LlamaModel> {
  try {
    await checkGguf(path)
    return await llama.loadModel({ modelPath: path })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`The built-in LLM "${name}" cannot be loaded (${reason}); remove it in Models & keys and get it again`, {
      cause,
    })
  }
}

const total = (messages: readonly Sized<Message>[]) => messages.reduce((sum, { tokens }) => sum + tokens, 0)

function toHistory(messages: readonly Message[]): ChatHistoryItem[] {
  return messages.map(({ role, content }) =>
    role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content },
  )
}

const tooLong = (name: string, system: number, longest: number, reply: number) =>
  new Error(
    `The prompt is too long for the built-in LLM "${name}": it has ${system} tokens, and ${longest} have to hold it, the caller's words and a reply of up to ${reply}. Shorten the instructions, or choose a model with a longer context.`,
  )

/** Compiling takes milliseconds, and an agent has one grammar. */
function rememberGrammars(llama: Llama): (text: string) => Promise<LlamaGrammar> {
  const known = new Map<string, LlamaGrammar>()
  return async (text) => {
    const grammar = known.get(text) ?? (await llama.createGrammar({ grammar: text }))
    known.delete(text)
    known.set(text, grammar)
    for (const oldest of [...known.keys()].slice(0, -KNOWN_GRAMMARS)) known.delete(oldest)
    return grammar
  }
}

/** Repeating a word is punished, and repeating the quotes and commas of JSON is not. */
function wordsOnly(model: LlamaModel): (tokens: Token[]) => Token[] {
  const known = new Map<Token, boolean>()
  const isWord = (token: Token): boolean => {
    const found = known.get(token) ?? /[\p{L}\p{N}]/u.test(model.detokenize([token]))
    known.set(token, found)
    return found
  }
  return (tokens) => tokens.filter(isWord)
}
