import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  InsufficientMemoryError,
  LlamaChat,
  type ChatWrapper,
  type LlamaContext,
  type LlamaContextSequence,
  type LlamaModel,
} from 'node-llama-cpp'
import { generationThreads } from './threads.ts'
import { createTurnstile } from './turnstile.ts'

/** What a model remembers of one conversation. */
export type Conversation = {
  readonly key: string
  readonly chat: LlamaChat
  readonly sequence: LlamaContextSequence
  /** How many of the oldest turns it is no longer shown. */
  dropped: number
}

export type Conversations = Readonly<{
  /** The conversation for `work` alone, with room for `tokens`; others go on meanwhile. */
  use: <Value>(
    key: string,
    tokens: number,
    signal: AbortSignal,
    work: (conversation: Conversation) => Promise<Value>,
  ) => Promise<Value>
  /** Frees what nobody has used for so long. */
  expire: (idle_ms: number) => Promise<void>
  count: () => number
  close: () => Promise<void>
}>

type Kept = {
  readonly conversation: Conversation
  readonly context: LlamaContext
  waiting: number
  usedAt: number
  last: Promise<void>
}

/** Of one model at a time; each costs the memory of its context. A thirteenth takes the place of the one that was used longest ago. */
const MOST = 12
const SMALLEST = 2048

export function createConversations(model: LlamaModel, chatWrapper: ChatWrapper): Conversations {
  const kept = new Map<string, Kept>()
  const making = createTurnstile()
  let onFree: (() => void)[] = []

  const idle = () => [...kept.values()].filter(({ waiting }) => waiting === 0).sort((a, b) => a.usedAt - b.usedAt)

  async function drop({ conversation, context }: Kept): Promise<void> {
    kept.delete(conversation.key)
    await context.dispose()
  }

  async function dropOldest(): Promise<boolean> {
    const [oldest] = idle()
    if (oldest) await drop(oldest)
    return oldest !== undefined
  }

  async function make(key: string, tokens: number): Promise<Kept> {
    while (kept.size >= MOST && !(await dropOldest())) await new Promise<void>((resolve) => onFree.push(resolve))
    const contextSize = Math.min(model.trainContextSize, SMALLEST * 2 ** Math.max(0, Math.ceil(Math.log2(tokens / SMALLEST))))
    for (;;) {
      try {
        const context = await model.createContext({ contextSize, sequences: 1, threads: generationThreads() })
        const sequence = context.getSequence()
        const chat = new LlamaChat({ contextSequence: sequence, chatWrapper })
        const fresh = {
          conversation: { key, chat, sequence, dropped: 0 },
          context,
          waiting: 1,
          usedAt: performance.now(),
          last: Promise.resolve(),
        }
        kept.set(key, fresh)
        return fresh
      } catch (cause) {
        if (!(cause instanceof InsufficientMemoryError) || !(await dropOldest())) throw cause
      }
    }
  }

  /** Counted as waited for before anything else can happen. One that has become too small is made anew, when nobody is at it. */
  function known(key: string, tokens: number): Kept | undefined {
    const found = kept.get(key)
    if (!found || (found.waiting === 0 && found.context.contextSize < Math.min(tokens, model.trainContextSize))) return undefined
    found.waiting += 1
    return found
  }
  async function find(key: string, tokens: number): Promise<Kept> {
    const found = known(key, tokens)
    if (found) return found
    const small = kept.get(key)
    if (!small) return make(key, tokens)
    return carried(small.conversation, async (moveTo) => {
      await drop(small)
      const larger = await make(key, tokens)
      await moveTo(larger.conversation)
      return larger
    })
  }

  return {
    async use(key, tokens, signal, work) {
      const one = known(key, tokens) ?? (await making(() => find(key, tokens), signal))
      const before = one.last
      const mine = before.then(() => {
        signal.throwIfAborted()
        return work(one.conversation)
      })
      one.last = mine.then(ignore, ignore)
      try {
        return await mine
      } finally {
        one.waiting -= 1
        one.usedAt = performance.now()
        for (const free of onFree.splice(0)) free()
      }
    },
    async expire(idle_ms) {
      const since = performance.now() - idle_ms
      await Promise.all(
        idle()
          .filter(({ usedAt }) => usedAt <= since)
          .map(drop),
      )
    },
    count: () => kept.size,
    async close() {
      onFree = []
      await Promise.all([...kept.values()].map(drop))
    },
  }
}

/**
 * Takes what a conversation has read over into another one: reading it again would take a slow machine many seconds. The file is the
 * user's alone, and one that a killed process leaves behind is removed by the next host that starts.
 */
async function carried<Value>(from: Conversation, move: (moveTo: (to: Conversation) => Promise<void>) => Promise<Value>) {
  const folder = await mkdtemp(join(tmpdir(), `greenroom-${process.pid}-`))
  const file = join(folder, 'state')
  try {
    await from.sequence.saveStateToFile(file)
    return await move(async (to) => {
      await to.sequence.loadStateFromFile(file, { acceptRisk: true })
      to.dropped = from.dropped
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const ignore = () => undefined
