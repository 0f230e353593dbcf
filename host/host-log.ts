/*
 * Threat model: logs are sent around when people ask for help. Inputs of operations, documents and what callers say are never logged, and
 * whatever carries a key by its name is cut out should it slip in.
 */
import { mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { destination, multistream, pino, type Logger, type StreamEntry } from 'pino'

const LARGEST_BYTES = 5 * 1024 * 1024
const SECRET_KEYS = [
  'api_key',
  'apiKey',
  'authorization',
  'cookie',
  'token',
  'secret',
  'secrets',
  'value',
  'password',
  'set-cookie',
]

/** `logs/host.log` in the data folder, one older file beside it; for a host of its own, errors also go to stderr. */
export function createHostLog(data_dir: string, to: 'file' | 'file and stderr'): Logger {
  const dir = join(data_dir, 'logs')
  const file = join(dir, 'host.log')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_BYTES) renameSync(file, join(dir, 'host.1.log'))
  return createLog([
    { level: 'info', stream: destination({ dest: file, sync: true, mode: 0o600 }) },
    ...(to === 'file' ? [] : [{ level: 'error' as const, stream: destination({ dest: 2, sync: true }) }]),
  ])
}

/** For a server, whose log others gather: one line of JSON each on stderr. */
export const createServerLog = (): Logger => createLog([{ level: 'info', stream: destination({ dest: 2, sync: true }) }])

function createLog(streams: StreamEntry[]): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`])
  return pino(
    {
      level: 'info',
      base: { pid: process.pid },
      // `error` as well as pino's own `err`: an error is otherwise written without its words.
      serializers: { err: errorWords, error: errorWords },
      redact: { paths, censor: '[removed]' },
    },
    multistream(streams),
  )
}

/** Servers repeat the token that they refuse. */
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g

function errorWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message: message.replace(TOKEN, '[token]'), stack: stack.replace(TOKEN, '[token]') }
}
