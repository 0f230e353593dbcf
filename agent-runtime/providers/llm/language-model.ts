import type { llm } from '@livekit/agents'
import type { ProviderFailureContext } from '../provider-failure.ts'

/** An LLM as a turn uses it. */
export type LanguageModel = Readonly<{
  /** A fresh one for each turn, so that its errors and its numbers are that turn's. */
  open: () => llm.LLM
  /** Goes with every request beside the conversation: schema, temperature, limits. */
  extraKwargs: Readonly<Record<string, unknown>>
  /** Reads the system message beforehand, where that makes the first reply sooner. */
  warm?: (system: string) => Promise<void>
  /** Ends what is kept open from turn to turn; a reply under way is finished first. */
  close?: () => void
  /** How long a silence of the provider is taken for a failure, ms. */
  patience_ms: number
  /** Names it in errors. */
  context: ProviderFailureContext
}>
