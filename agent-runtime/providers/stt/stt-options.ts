import type { AgentDocument } from '../../../core/agent/document.ts'

type SttConfig = AgentDocument['stt_config']

/** How long the last words of an utterance are waited for, when the document says so itself. */
export function patienceOf(config: SttConfig): number | undefined {
  const patience = config['timeout_ms']
  return typeof patience === 'number' && patience > 0 ? patience : undefined
}

/** Words to listen for, separated by commas. */
export function termsOf(config: SttConfig): readonly string[] {
  const terms = config['keyterms']
  if (typeof terms !== 'string') return []
  return terms.split(',').flatMap((term) => term.trim() || [])
}

export const textOption = (config: SttConfig, key: string): string | undefined => {
  const value = config[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const UTTERANCE_MS = 20_000

/** One utterance by HTTP is answered in time or not at all. */
export const timeLimit = (config: SttConfig, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(patienceOf(config) ?? UTTERANCE_MS)])
