import type { llm } from '@livekit/agents'
import type { Usage } from '../../core/contract/session-events.ts'
import type { Choice } from '../providers/fallback/chain.ts'
import { firstAnswer } from '../providers/fallback/first-answer.ts'
import type { ModelChoice } from './choices.ts'
import { readModel } from './read-model.ts'
import type { Turn } from './turn.ts'

/** What goes to a model: the conversation, with the system message that fits the way in which it keeps to the schema. */
export type ChatFor = (system: string) => llm.ChatContext
export type AskedModels = Readonly<{
  /** The reply, piece by piece. Throws what a person reads about the last choice. */
  texts: AsyncIterable<string>
  /** Whose words these are. */
  name: () => string
}>

/** Asks the turn's LLM, and its other choices when that one does not answer; each is metered for what it did. */
export function askModels(turn: Turn, chatFor: ChatFor, signal: AbortSignal): AskedModels {
  const { models } = turn.config
  let asked: Choice<ModelChoice> = models.choices[0]
  const texts = firstAnswer(models, {
    signal,
    ask(choice, stop, last) {
      asked = choice
      return metered(turn, choice, chatFor(choice.port.system), stop, last)
    },
    isAnswer: () => true,
    tell: (fallback) => turn.fellBack(fallback),
  })
  return { texts, name: () => asked.port.context.name }
}

async function* metered(
  turn: Turn,
  { port, kind, provider, model }: Choice<ModelChoice>,
  chatCtx: llm.ChatContext,
  signal: AbortSignal,
  last: boolean,
): AsyncGenerator<string> {
  let written = 0
  let reported: Usage | undefined
  try {
    for await (const { text, usage } of readModel(port.model, chatCtx, signal, last ? 1 : 0)) {
      if (usage) reported = usage
      if (!text) continue
      written += text.length
      yield text
    }
  } finally {
    if (reported) turn.meter({ kind, provider, model, usage: reported })
    else if (written > 0) turn.meter({ kind, provider, model, usage: estimated(chatCtx, written), estimated: true })
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
