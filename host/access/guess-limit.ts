/**
 * Who tries credentials that are none. Threat: somebody who guesses, or a client that goes on with a revoked key, makes each try a question to
 * the store or a signature to verify; and a stranger who fails on purpose locks out whoever comes from the same address (an office, a proxy
 * that says nothing of its clients). So an address that has failed too often in a minute is refused without asking anybody, except for
 * credentials that came in well a short while ago. This machine itself is not counted: what is there, such as a proxy that does not say for
 * whom it asks, is everybody. Addresses are counted by network where one client has many, and are forgotten, the oldest first.
 */
import { hash } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { StudioError } from '../../core/contract/errors.ts'
import { isLoopback } from '../runtime/network-guard.ts'

export type GuessLimit = Readonly<{
  /** What `authenticate` gives. Throws `rate_limited` instead of trying when the address has failed too often. */
  guard: <Value>(
    address: string | undefined,
    credential: string | undefined,
    authenticate: () => Promise<Value>,
  ) => Promise<Value>
}>

const MOST_FAILURES = 20
const WINDOW_MS = 60_000
const WELCOME_MS = 600_000
const MOST_KEPT = 10_000

type Failures = Readonly<{ count: number; until: number }>

export function createGuessLimit(clock: () => number): GuessLimit {
  const failed = new Map<string, Failures>()
  /** Hashes of credentials that came in well, and until when that counts. */
  const welcome = new Map<string, number>()

  function requireFew(network: string, credential: string): void {
    const known = failed.get(network)
    const now = clock()
    if (!known || known.until <= now || known.count < MOST_FAILURES) return
    if ((welcome.get(nameOf(credential)) ?? 0) <= now) throw tooMany(known.until - now)
  }
  function countFailure(network: string): void {
    const known = failed.get(network)
    const isOver = !known || known.until <= clock()
    if (isOver) failed.delete(network)
    keep(failed, network, isOver ? { count: 1, until: clock() + WINDOW_MS } : { ...known, count: known.count + 1 })
  }
  return {
    guard: async (address, credential, authenticate) => {
      const network = address === undefined ? undefined : networkOf(address)
      if (network === undefined || credential === undefined) return authenticate()
      requireFew(network, credential)
      try {
        const found = await authenticate()
        keep(welcome, nameOf(credential), clock() + WELCOME_MS)
        return found
      } catch (cause) {
        if (cause instanceof StudioError && cause.code === 'unauthorized') countFailure(network)
        throw cause
      }
    },
  }
}

function keep<Value>(into: Map<string, Value>, key: string, value: Value): void {
  into.set(key, value)
  const [oldest] = into.keys()
  if (into.size > MOST_KEPT && oldest !== undefined) into.delete(oldest)
}

const nameOf = (credential: string): string => hash('sha256', credential, 'base64')

/** Of IPv6 the network of one customer; undefined: this machine. */
function networkOf(address: string): string | undefined {
  if (isLoopback(address)) return undefined
  if (!ipaddr.isValid(address)) return address
  const parsed = ipaddr.process(address)
  if (isLoopback(parsed.toString())) return undefined
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}

const tooMany = (retry_after_ms: number): StudioError =>
  new StudioError(
    'rate_limited',
    'Too many credentials from this address were not valid.',
    'Wait for as long as Retry-After says, then send a key that is valid.',
    [],
    { retry_after_ms },
  )
