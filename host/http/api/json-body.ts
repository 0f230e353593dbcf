/*
 * Bodies of the API. Threat: a body that is too large, too slow or too deep, one of a million small values, each of which takes time wherever
 * it is looked at, one that is no text, or whose keys are made to change what every object has; one that some store cannot keep. Clients that
 * this API took over send JSON without saying so (`curl -d`): what plainly is JSON is read as that, whatever text it is called.
 */
import type { FastifyInstance } from 'fastify'
import { StudioError, toPointer } from '../../../core/contract/errors.ts'
import { hasMoreValuesThan, isDeeperThan, MOST_LEVELS, MOST_VALUES } from '../../../core/json.ts'

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json$/i
/** As what curl, browsers and forgetful clients send JSON. */
const TEXT_TYPES = new Set(['', 'text/plain', 'text/json', 'application/x-www-form-urlencoded', 'application/octet-stream'])

/** In place of fastify's own readers; a body without Content-Type comes here as well. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, parseBody(request.headers['content-type'], body))
    } catch (cause) {
      done(cause instanceof Error ? cause : new Error('the body could not be read', { cause }))
    }
  })
}

/** Undefined: there is none. */
export function parseBody(content_type: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return undefined
  const type = content_type?.split(';')[0]?.trim() ?? ''
  const isJson = JSON_TYPE.test(type)
  if (!isJson && !TEXT_TYPES.has(type.toLowerCase())) throw unsupported(type)
  const text = decoded(body)
  if (text.trim() === '') return undefined
  if (!isJson && !/^\s*[{[]/.test(text)) throw unsupported(type)
  const value = parsed(text)
  if (hasMoreValuesThan(value, MOST_VALUES)) {
    throw new StudioError('too_large', 'The body has too many values.', `At most ${MOST_VALUES} are read; texts may be long.`)
  }
  if (isDeeperThan(value, MOST_LEVELS)) {
    throw new StudioError('malformed', 'The body is nested too deeply.', `At most ${MOST_LEVELS} levels are read.`)
  }
  // Only a text with such marks can hold what no agent may.
  if (text.includes('\\u') || text.includes('__proto__')) requirePlain(value, [])
  return value
}

function decoded(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw new StudioError('malformed', 'The body is not UTF-8.', 'Send JSON as UTF-8.')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why =
      cause instanceof Error ? cause.message.replace(/,? ?"[^]*" is not valid JSON$/, '').slice(0, 200) : 'it is not JSON'
    throw new StudioError('malformed', `The body is not well-formed JSON: ${why}`, 'Send one JSON value.')
  }
}

/** Half a character and NUL cannot be kept in every store. */
function requirePlain(value: unknown, path: readonly PropertyKey[]): void {
  if (typeof value === 'string' && !isPlain(value)) throw unkept(path)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || !isPlain(key)) throw unkept([...path, key])
    requirePlain(inner, [...path, key])
  }
}

/** No NUL, and no surrogate without its other half. */
export const isPlain = (text: string): boolean =>
  !/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)

const unkept = (path: readonly PropertyKey[]): StudioError =>
  new StudioError(
    'malformed',
    'The body has a text or a key that cannot be kept.',
    'Leave out NUL, halves of characters and "__proto__".',
    [{ path: toPointer(path.map((part) => String(part).replaceAll(/[\0\uD800-\uDFFF]/g, '\uFFFD'))), message: 'cannot be kept' }],
  )

const unsupported = (type: string): StudioError =>
  new StudioError(
    'unsupported',
    type === '' ? 'The body is not JSON.' : `A body of type "${type.slice(0, 100)}" is not taken here.`,
    'Send JSON, with Content-Type: application/json.',
  )
