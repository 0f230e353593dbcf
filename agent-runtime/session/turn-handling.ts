import type { AgentSessionOptions } from '@livekit/agents'
import type { AgentDocument } from '../../core/agent/document.ts'

type TurnSettings = AgentDocument['turn_config']

export const endpointingOf = ({ min_endpointing_delay_ms, max_endpointing_delay_ms }: TurnSettings) => ({
  minDelay: min_endpointing_delay_ms,
  maxDelay: Math.max(min_endpointing_delay_ms, max_endpointing_delay_ms),
})

/**
 * `resumeFalseInterruption` off: the reply is cut at once and the history knows it; with it on, what was heard of it would be
 * known only after the caller's next words. Adaptive interruption needs LiveKit's cloud.
 */
export const interruptionOf = (settings: TurnSettings) => ({
  enabled: settings.allow_interruptions,
  mode: 'vad' as const,
  minDuration: settings.min_interruption_duration_ms,
  minWords: settings.min_interruption_words,
  resumeFalseInterruption: false,
})

/** What is the same in every call: nothing is generated on a guess, and the page cancels echoes from the first word on. */
export const SESSION_DEFAULTS = {
  aecWarmupDuration: null,
  userAwayTimeout: null,
  maxToolSteps: 3,
} satisfies AgentSessionOptions
