import { pino } from 'pino'
import * as z from 'zod'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type Log = (level: LogLevel, text: string) => void

const LogLine = z.looseObject({ level: z.number(), msg: z.string().default('') })
/** Warnings of the library about what is meant to be so, or what happens at each interruption; nobody can do anything about them. */
const HARMLESS = [
  'event loop blocked',
  'audio output does not support pause',
  'rotateSegment called while previous segment is still being rotated',
  'TTS task failed before resolving timedTextsFut',
  'markPlaybackFinished called before text/audio input is done',
  'onPlaybackStarted called after startFuture is set',
  'skipping user input, speech scheduling is paused',
  'skipping onUserTurnCompleted, speech scheduling is paused',
  'skipping reply to user input, speech scheduling is paused',
]
const NOT_DETAILS = new Set(['level', 'msg', 'time', 'pid', 'hostname'])

/**
 * Gives LiveKit's library its logger, so that its warnings reach the host's log instead of standard output.
 * The library looks it up under these symbols; its own `initializeLogger` can only write to standard output.
 */
export function routeLiveKitLog(log: Log): void {
  const logger = pino(
    { level: 'warn', serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err } },
    { write: (line) => log(...readLine(line)) },
  )
  Object.assign(globalThis, {
    [Symbol.for('@livekit/agents:logger')]: logger,
    [Symbol.for('@livekit/agents:loggerOptions')]: { pretty: false, level: 'warn' },
  })
}

/** `lk.pii.…` holds what people said: it stays out of the log. */
export function readLine(text: string): [LogLevel, string] {
  const line = LogLine.parse(JSON.parse(text))
  const details = Object.entries(line).filter(([key]) => !NOT_DETAILS.has(key) && !key.startsWith('lk.pii.'))
  const harmless = HARMLESS.some((words) => line.msg.includes(words))
  const level = harmless ? 'debug' : line.level >= 50 ? 'error' : line.level >= 40 ? 'warn' : 'info'
  return [level, details.length === 0 ? line.msg : `${line.msg} ${JSON.stringify(Object.fromEntries(details))}`]
}
