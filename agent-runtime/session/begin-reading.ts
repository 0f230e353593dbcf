import type { Transcriber } from '../providers/stt/transcriber.ts'
import type { Reading, ReadingOptions } from './reading.ts'
import { readStream } from './stream-reading.ts'
import { readWhole } from './whole-reading.ts'

/** Audio before the caller was noticed comes first, in `lead`. */
export function beginReading(transcriber: Transcriber, lead: readonly Int16Array[], options: ReadingOptions): Reading {
  const reading = transcriber.mode === 'streaming' ? readStream(transcriber, options) : readWhole(transcriber, options)
  reading.push(lead, 0)
  return reading
}
