import type { AgentDocument } from '../agent/document.ts'
import { drawnNumber } from '../routing/drawn-number.ts'

/** What an agent says of its traces, as its document has it for one session. */
export type TraceSettings = Readonly<{
  enabled: boolean
  /** Of sessions that are traced, 0 to 1. */
  sample_rate: number
  /** `none`: no prompts, transcripts, outputs, arguments or results. */
  content: 'all' | 'none'
}>

export const traceSettings = ({ tracing_config }: Pick<AgentDocument, 'tracing_config'>): TraceSettings => {
  const { enabled, sample_rate = 1, content = 'all' } = tracing_config
  return { enabled, sample_rate, content }
}

/** The same answer for the same session, whoever asks: each session draws one number for ever. */
export const isSampled = (session_id: string, sample_rate: number): boolean => drawnNumber(`trace\0${session_id}`) < sample_rate
