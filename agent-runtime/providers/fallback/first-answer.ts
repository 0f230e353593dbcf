import { EmptyAnswer, type ProviderFailureContext } from '../provider-failure.ts'
import { inOrder, type Chain, type Choice, type Fallback } from './chain.ts'
import { giveUp } from './give-up.ts'
import { createPatience, orAborted } from './patience.ts'

export type FirstAnswerOptions<Port, Piece> = Readonly<{
  /** Resolves at the end of the answer, whose pieces are given one by one. `last`: nobody is asked after this one. */
  ask: (choice: Choice<Port>, options: { signal: AbortSignal; last: boolean; give: (piece: Piece) => void }) => Promise<void>
  /** Gets the pieces of the answer. */
  take: (piece: Piece) => void
  signal: AbortSignal
  tell: (fallback: Fallback) => void
}>

/**
 * The answer of the first choice that gives one. One that fails, ends or is silent for too long before its first word is cancelled, and
 * the next one is asked; after the first word nobody else is. Throws ChoiceFailed; ends quietly when `signal` is aborted.
 */
export async function firstAnswer<Port extends Readonly<{ context: ProviderFailureContext }>, Piece>(
  chain: Chain<Port>,
  { ask, take, signal, tell }: FirstAnswerOptions<Port, Piece>,
): Promise<void> {
  const order = inOrder(chain, tell)
  for (const [index, choice] of order.entries()) {
    const next = order[index + 1]
    const began = performance.now()
    const patience = createPatience(next ? chain.after_ms : undefined)
    const stop = AbortSignal.any([signal, patience.signal])
    let answered = false
    const give = (piece: Piece) => {
      if (stop.aborted) return
      if (!answered) patience.stop()
      answered = true
      take(piece)
    }
    try {
      await orAborted(ask(choice, { signal: stop, last: next === undefined, give }), stop)
      if (answered) chain.circuit.worked(choice)
      if (answered || signal.aborted || !next) return
      throw new EmptyAnswer()
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
