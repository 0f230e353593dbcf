import type { FastifyReply } from 'fastify'
import { writeTimes } from './iso-times.ts'
import type { RestRow } from './rest-table.ts'

export type WriteReply = (reply: FastifyReply, value: unknown, if_none_match: string | undefined) => FastifyReply

/** Writes what an operation gave: the key that is the reply, with its ETag, times as REST writes them; nothing of it is 204. */
export function createReplyWriter({ rest, operation }: RestRow): WriteReply {
  const times = writeTimes(operation.output)
  // Made once for each value: what dispatch gives again, as from a cache, goes out as the same text.
  const written = new WeakMap<object, string>()
  const textOf = (value: object): string => {
    const text = written.get(value) ?? JSON.stringify(value)
    written.set(value, text)
    return text
  }
  return (reply, value, if_none_match) => {
    const whole = times ? times(value) : value
    const answer = rest.reply === undefined ? whole : keyOf(whole, rest.reply)
    const etag = rest.reply === undefined ? undefined : keyOf(whole, 'etag')
    if (typeof etag === 'string') reply.header('etag', etag)
    // A reader asks again and is told that nothing changed; whatever has no name is not kept by anybody.
    reply.header('cache-control', typeof etag === 'string' && rest.method === 'GET' ? 'private, no-cache' : 'no-store')
    if (answer === undefined) return reply.code(204).send()
    if (rest.method === 'GET' && typeof etag === 'string' && isKnown(if_none_match, etag)) return reply.code(304).send()
    return reply
      .code(rest.status ?? 200)
      .type('application/json; charset=utf-8')
      .send(etag !== undefined && isObject(answer) ? textOf(answer) : JSON.stringify(answer))
  }
}

const isKnown = (if_none_match: string | undefined, etag: string): boolean =>
  if_none_match !== undefined &&
  if_none_match.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag)

const keyOf = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
