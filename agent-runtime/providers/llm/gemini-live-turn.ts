import { UP_SAMPLE_RATE } from '../../../core/contract/media.ts'
import type { JsonObject } from '../../../core/json.ts'
import { base64 } from '../stt/stt-protocol.ts'
import { SILENCE, type Line } from './conversation.ts'
import type { HeardConversation } from './heard-conversation.ts'

const MIME_TYPE = `audio/pcm;rate=${UP_SAMPLE_RATE}`
/** Of sound in one message. */
const PIECE_SAMPLES = UP_SAMPLE_RATE

/**
 * One turn of a fresh session, message by message: what was said before, which triggers no answer (`historyConfig` of the setup), and
 * then what is answered: sound between the marks of its beginning and end, or text.
 */
export function liveTurn({ lines, sounds }: Omit<HeardConversation, 'system' | 'called'>): readonly JsonObject[] {
  if (sounds.length > 0) return [contentOf(startedByCaller(lines)), ...sounds.flatMap(soundOf)]
  const last = lines.at(-1)
  const asked = last?.role === 'user'
  return [contentOf(startedByCaller(asked ? lines.slice(0, -1) : lines)), contentOf([asked ? last : SILENCE])]
}

const contentOf = (lines: readonly Line[]): JsonObject => ({
  clientContent: {
    turns: lines.map(({ role, text }) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text }] })),
    turnComplete: true,
  },
})

const startedByCaller = (lines: readonly Line[]): readonly Line[] =>
  lines[0]?.role === 'assistant' ? [SILENCE, ...lines] : lines

const soundOf = (pcm: Int16Array, index: number, { length }: readonly Int16Array[]): readonly JsonObject[] => {
  const pieces: JsonObject[] = []
  for (let at = 0; at < pcm.length; at += PIECE_SAMPLES) {
    const data = base64(pcm.subarray(at, at + PIECE_SAMPLES))
    pieces.push({ realtimeInput: { audio: { data, mimeType: MIME_TYPE } } })
  }
  return [
    ...(index === 0 ? [{ realtimeInput: { activityStart: {} } }] : []),
    ...pieces,
    ...(index === length - 1 ? [{ realtimeInput: { activityEnd: {} } }] : []),
  ]
}
