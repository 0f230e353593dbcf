import type { FallbackView } from '../../../core/session/session-view.ts'
import { formatMs } from '../format.ts'

const KIND = { stt: 'Speech to text', llm: 'Language model', tts: 'Text to speech' } as const

/** `Language model: Groq instead of OpenAI after 900 ms: it stayed silent.` */
export const fallbackWords = ({ kind, from, to, reason, after_ms }: FallbackView): string =>
  `${KIND[kind]}: ${to} instead of ${from} after ${formatMs(after_ms)}: ${reason}`
