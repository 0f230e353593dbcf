import { ChoiceFailed, providerFailure, type ProviderFailureContext } from '../provider-failure.ts'
import type { Chain, Choice, Fallback } from './chain.ts'

type GivenUp<Port> = Readonly<{ choice: Choice<Port>; next: Choice<Port> | undefined; cause: unknown; began: number }>
type Named = Readonly<{ context: ProviderFailureContext }>

/** Notes that a choice failed, and tells who is asked instead. Returns what the failure is called. */
export function giveUp<Port extends Named>(
  { circuit }: Pick<Chain<Port>, 'circuit'>,
  { choice, next, cause, began }: GivenUp<Port>,
  tell: (fallback: Fallback) => void,
): ChoiceFailed {
  const body = providerFailure(choice.port.context, cause)
  circuit.failed(choice, body.message, body.retry_after_ms)
  if (next) {
    const after_ms = Math.round(performance.now() - began)
    tell({ kind: choice.kind, from: choice.label, to: next.label, reason: body.message, after_ms })
  }
  return new ChoiceFailed(body, cause)
}
