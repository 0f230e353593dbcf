import type { llm } from '@livekit/agents'
import type { Usage } from '../../core/contract/session-events.ts'
import type { Choice } from '../providers/fallback/chain.ts'
import { firstAnswer } from '../providers/fallback/first-answer.ts'
import type { ModelChoice } from './choices.ts'
import { callsInWords } from '../tools/calls-in-words.ts'
import { readModel } from './read-model.ts'
import type { Turn } from './turn.ts'

/** What goes to a model: the conversation, with the system message that fits the way in which it keeps to the schema and calls tools. */
export type ChatFor = (choice: ModelChoice) => llm.ChatContext
export type Written = Readonly<{ text: string } | { call: llm.FunctionCall }>

/** Asks the turn's LLM, and its other choices when that one does not answer; each is metered for what it did. */
export async function askModels(
  turn: Turn,
  chatFor: ChatFor,
  signal: AbortSignal,
  take: (piece: Written) => void,
): Promise<void> {
  await firstAnswer<ModelChoice, Written>(turn.config.models, {
    signal,
    take,
    async ask(choice, { signal: stop, last, give }) {
      turn.answering = choice.port.context.name
      const chatCtx = chatFor(choice.port)
      const meter = createMeter(turn, choice, chatCtx)
      try {
        const pieces = readModel(choice.port.model, chatCtx, stop, last ? 1 : 0)
        for await (const { text, usage, call } of choice.port.tools === 'words' ? callsInWords(pieces) : pieces) {
          if (usage) meter.reported(usage)
          if (call) {
            meter.wrote(call.name.length + call.args.length)
            give({ call })
          }
          if (!text) continue
          meter.wrote(text.length)
          give({ text })
        }
      } finally {
        meter.stop()
      }
    },
    tell: (fallback) => turn.fellBack(fallback),
  })
}

/** What the provider says it used; what it wrote, where it could not say so any more. */
function createMeter(turn: Turn, { kind, provider, model }: Choice<ModelChoice>, chatCtx: llm.ChatContext) {
  let written = 0
  let reported: Usage | undefined
  return {
    wrote: (characters: number) => void (written += characters),
    reported: (usage: Usage) => void (reported = usage),
    stop() {
      if (reported) turn.meter({ kind, provider, model, usage: reported })
      else if (written > 0) turn.meter({ kind, provider, model, usage: estimated(chatCtx, written), estimated: true })
    },
  }
}

/** Enough for a price: tokens are about four characters long. */
const TOKEN_CHARACTERS = 4

function estimated(chatCtx: llm.ChatContext, written: number): Usage {
  const read = chatCtx.items.reduce((sum, item) => sum + (item.type === 'message' ? (item.textContent?.length ?? 0) : 0), 0)
  return {
    prompt_tokens: Math.ceil(read / TOKEN_CHARACTERS),
    completion_tokens: Math.ceil(written / TOKEN_CHARACTERS),
  }
}
