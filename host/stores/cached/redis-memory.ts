/**
 * A second memory that instances share. Threat: whoever can write to this Redis could make instances believe what the store never said. So
 * neither keys, users and tenants nor secrets are ever in it, and what comes back is read as strictly as what comes over a network. It is a
 * memory and nothing else: while it is away everything works as without it.
 *
 * Each value is kept with the marks of all that it depends on, and is believed only while they are the same: a change makes a new mark, and an
 * instance that could not tell of a change makes a new one of what all values have, before it believes anything again.
 */
import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { v7 } from 'uuid'
import * as z from 'zod'
import { parseJson } from '../../../core/json.ts'
import { deferred } from '../../runtime/deferred.ts'
import { KEPT_MS, type SharedMemory } from './remembered-reads.ts'

export type RedisMemory = Readonly<{
  /** Texts of one kind of answer; `read` throws for what is none. */
  of: <Value>(read: (value: unknown) => Value) => SharedMemory<Value>
  /** Resolves when no instance finds anything of before any more; never rejects. */
  changed: (groups: readonly string[] | 'all') => Promise<void>
  /** Resolves when it is known whether it can be used; never rejects. */
  settled: Promise<void>
  /** Why it is not used now. */
  note: () => string | undefined
  close: () => void
}>

const COMMAND_MS = 150
const AGAIN_MS = 1_000
/** Longer than any value lives. */
const MARK_S = (KEPT_MS / 1000) * 4
const MOST_CHARS = 1_000_000
const ABSENT_MS = 30_000

const Kept = z.object({ marks: z.string(), value: z.unknown().optional() })

/** `name`: of the store, so that two stores in one Redis stay apart. */
export function openRedisMemory(url: string, name: string, log: Logger): RedisMemory {
  const prefix = `greenroom:${createHash('sha256').update(name).digest('hex').slice(0, 12)}:`
  const EPOCH = `${prefix}epoch`
  const redis = new Redis(url, {
    ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: COMMAND_MS, connectTimeout: 2_000 },
    retryStrategy: (tries) => Math.min(tries * 100, AGAIN_MS),
  })
  let usable = false
  let reason: string | undefined = 'it is not reached yet'
  const settled = deferred<void>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  /** Whatever it has may be of before: nobody believes it from now on. */
  async function begin(): Promise<void> {
    clearTimeout(timer)
    try {
      await redis.set(EPOCH, v7())
      usable = true
      if (reason !== undefined) log.info('the shared cache (Redis) is used')
      reason = undefined
      settled.resolve()
    } catch (cause) {
      doubt(cause)
    }
  }
  function doubt(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (usable || reason === undefined) log.warn({ reason: why }, 'the shared cache (Redis) is not used for now')
    usable = false
    reason = why
    settled.resolve()
    clearTimeout(timer)
    if (!closed) timer = setTimeout(() => redis.status === 'ready' && void begin(), AGAIN_MS).unref()
  }
  redis.on('ready', () => void begin())
  redis.on('error', doubt)
  redis.on('close', () => doubt(new Error('the connection is lost')))

  const markOf = (group: string) => `${prefix}m:${group}`
  const keyOf = (key: string) => `${prefix}v:${createHash('sha256').update(key).digest('base64url')}`

  function keep(key: string, marks: string, value: unknown): void {
    const text = JSON.stringify({ marks, ...(value !== undefined && { value }) })
    if (!usable || text.length > MOST_CHARS) return
    redis.set(key, text, 'PX', value === undefined ? ABSENT_MS : KEPT_MS).catch(doubt)
  }

  return {
    of: (read) => ({
      find: async ({ key, groups }) => {
        if (!usable) return { isThere: false, keep: () => undefined }
        const place = keyOf(key)
        try {
          const [text, ...marks] = await redis.mget(place, EPOCH, ...groups.map(markOf))
          const now = JSON.stringify(marks)
          const kept = Kept.safeParse(parseJson(text ?? '')).data
          if (kept?.marks === now) return { isThere: true, value: read(kept.value) }
          return { isThere: false, keep: (value) => keep(place, now, value) }
        } catch (cause) {
          doubt(cause)
          return { isThere: false, keep: () => undefined }
        }
      },
    }),
    changed: async (groups) => {
      if (!usable) return
      try {
        if (groups === 'all') return void (await redis.set(EPOCH, v7()))
        const raised = redis.multi()
        for (const group of groups) raised.set(markOf(group), v7(), 'EX', MARK_S)
        await raised.exec()
      } catch (cause) {
        doubt(cause)
      }
    },
    settled: settled.promise,
    note: () => (reason === undefined ? undefined : `The shared cache (Redis) is not used: ${reason}.`),
    close: () => {
      closed = true
      clearTimeout(timer)
      redis.disconnect()
    },
  }
}
