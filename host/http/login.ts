/*
 * Threat model: another user of the machine, another web page in the same browser, a page on another port of 127.0.0.1, a page that
 * rebinds its name to 127.0.0.1. So: a ticket works once and expires; the cookie's name carries the port, and only its hash is kept, in a
 * file for this user alone; the bearer token lies in a 0600 file and is new with each start. Who may ask at all is in `origin-guard.ts`.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { readPrivateJson, writePrivateJson } from './private-file.ts'

const TICKET_LIFETIME_MS = 60 * 60_000
export const LOGIN_LIFETIME_MS = 30 * 24 * 3_600_000
const MOST_LOGINS = 20
const MOST_TICKETS = 50

const LoginFile = z.object({ port: z.int(), logins: z.array(z.object({ hash: z.string(), expires: z.int() })) })

/** Who may come in, kept over restarts. */
export type Login = Readonly<{
  /** The port that the page's cookie and address belong to; 0 at the first start. */
  port: () => number
  setPort: (port: number) => Promise<void>
  mintTicket: () => string
  /** The value for a new cookie, or undefined when the ticket is unknown, used or old. */
  redeem: (ticket: string) => Promise<string | undefined>
  isLoggedIn: (cookie_value: string) => boolean
}>

export async function openLogin(file: string, clock: () => number): Promise<Login> {
  let kept = (await readPrivateJson(file, LoginFile)) ?? { port: 0, logins: [] }
  const tickets = new Map<string, number>()
  const keep = async (next: z.infer<typeof LoginFile>) => {
    kept = next
    await writePrivateJson(file, next)
  }
  const valid = () => kept.logins.filter(({ expires }) => expires > clock())
  return {
    port: () => kept.port,
    setPort: async (port) => {
      if (port !== kept.port) await keep({ ...kept, port })
    },
    mintTicket: () => {
      for (const [hash, expires] of tickets) if (expires <= clock() || tickets.size >= MOST_TICKETS) tickets.delete(hash)
      const ticket = randomBytes(32).toString('base64url')
      tickets.set(hashOf(ticket), clock() + TICKET_LIFETIME_MS)
      return ticket
    },
    redeem: async (ticket) => {
      const expires = tickets.get(hashOf(ticket))
      tickets.delete(hashOf(ticket))
      if (expires === undefined || expires <= clock()) return undefined
      const value = randomBytes(32).toString('base64url')
      const login = { hash: hashOf(value), expires: clock() + LOGIN_LIFETIME_MS }
      await keep({ ...kept, logins: [...valid(), login].slice(-MOST_LOGINS) })
      return value
    },
    isLoggedIn: (cookie_value) => {
      const hash = hashOf(cookie_value)
      return valid().some((login) => sameText(login.hash, hash))
    },
  }
}

/** In a time that does not tell where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex')
