import { EmptyAnswer, type ProviderFailureContext } from '../provider-failure.ts'
import { inOrder, type Chain, type Choice, type Fallback } from './chain.ts'
import { giveUp } from './give-up.ts'
import { createPatience, untilAborted } from './patience.ts'

export type FirstAnswerOptions<Port, Item> = Readonly<{
  /** `last`: nobody is asked after this one, so a second try of its own may pay. */
  ask: (choice: Choice<Port>, signal: AbortSignal, last: boolean) => AsyncIterable<Item>
  /** Whether this is what was waited for: the first word. */
  isAnswer: (item: Item) => boolean
  signal: AbortSignal
  tell: (fallback: Fallback) => void
}>

/**
 * The answer of the first choice that gives one. One that fails, ends or is silent for too long before its first word is cancelled, and
 * the next one is asked; after the first word nobody else is. Throws ChoiceFailed; ends quietly when `signal` is aborted.
 */
export async function* firstAnswer<Port extends Readonly<{ context: ProviderFailureContext }>, Item>(
  chain: Chain<Port>,
  { ask, isAnswer, signal, tell }: FirstAnswerOptions<Port, Item>,
): AsyncGenerator<Item> {
  const order = inOrder(chain, tell)
  for (const [index, choice] of order.entries()) {
    const next = order[index + 1]
    const began = performance.now()
    const patience = createPatience(next ? chain.after_ms : undefined)
    let answered = false
    try {
      const stop = AbortSignal.any([signal, patience.signal])
      for await (const item of untilAborted(ask(choice, stop, next === undefined), stop)) {
        if (!answered && isAnswer(item)) {
          answered = true
          patience.stop()
          chain.circuit.worked(choice)
        }
        yield item
      }
      if (answered || signal.aborted || !next) return
      throw patience.signal.aborted ? patience.signal.reason : new EmptyAnswer()
    } catch (thrown) {
      if (signal.aborted) return
      const cause: unknown = patience.signal.aborted ? patience.signal.reason : thrown
      const failed = giveUp(chain, { choice, next: answered ? undefined : next, cause, began }, tell)
      if (answered || !next) throw failed
    } finally {
      patience.stop()
    }
  }
}
