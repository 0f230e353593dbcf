import { defaultModel, findProvider, type ProviderKind } from '../../../core/providers/index.ts'
import { createCircuit, type Circuit } from './circuit.ts'

/** One of a document's choices of a kind, under the names by which it is priced (`provider`, `model`) and shown (`label`). */
export type Choice<Port> = Readonly<{ port: Port; kind: ProviderKind; provider: string; model: string; label: string }>

/** A document's choices of a kind, in order. */
export type Chain<Port> = Readonly<{
  choices: readonly [Choice<Port>, ...Choice<Port>[]]
  /** How long one is waited for when there is another, ms; absent: until it fails. */
  after_ms: number | undefined
  circuit: Circuit
}>

/** One choice was given up for another; `after_ms`: how long it was waited for. */
export type Fallback = Readonly<{ kind: ProviderKind; from: string; to: string; reason: string; after_ms: number }>

export const createChain = <Port>(choices: Chain<Port>['choices'], after_ms?: number): Chain<Port> => ({
  choices,
  after_ms,
  circuit: createCircuit(),
})

export function choiceOf<Port>(
  kind: ProviderKind,
  block: Readonly<{ provider: string; model?: string | undefined }>,
  port: Port,
): Choice<Port> {
  const provider = findProvider(kind, block.provider)
  const model = block.model ?? (provider && defaultModel(provider)) ?? ''
  const name = provider?.name ?? block.provider
  return { port, kind, provider: provider?.id ?? block.provider, model, label: model ? `${name} ${model}` : name }
}

/**
 * Who is asked now, in order: those that failed a moment ago stand last, so that not every turn waits for them. `tell` hears of each
 * that is passed over.
 */
export function inOrder<Port>({ choices, circuit }: Chain<Port>, tell: (fallback: Fallback) => void): Chain<Port>['choices'] {
  if (choices.length === 1) return choices
  const failed = choices.filter((choice) => circuit.failure(choice) !== undefined)
  const [first, ...well] = choices.filter((choice) => !failed.includes(choice))
  if (!first) return choices
  for (const passed of choices.slice(0, choices.indexOf(first))) {
    const reason = `It failed a moment ago. ${circuit.failure(passed) ?? ''}`.trim()
    tell({ kind: passed.kind, from: passed.label, to: first.label, reason, after_ms: 0 })
  }
  return [first, ...well, ...failed]
}
