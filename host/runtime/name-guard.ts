/**
 * Threat: to look a name up is to tell the network of it, and a server of names may lead `localhost` anywhere. While offline nothing is
 * looked up, and the names of this machine are answered here.
 */
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import { isIP, type LookupFunction } from 'node:net'
import { aroundMethod, type Call } from './around-method.ts'
import { OfflineError } from './offline-error.ts'

/** `localhost` and what ends in it. */
export const isLocalName = (name: string): boolean => /^(?:.*\.)?localhost\.?$/i.test(name)

const HERE = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]

type LookupOptions = Readonly<{ all?: unknown; family?: unknown }>

/** What a name of this machine leads to, of the family that is wanted. */
function addressesHere({ family }: LookupOptions) {
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family
  return HERE.filter((one) => (wanted !== 4 && wanted !== 6 ? true : one.family === wanted))
}

/** For `net.connect`: never asks anybody. */
export const lookupHere: LookupFunction = (name, options, done) => {
  const found = isLocalName(name) ? addressesHere(options) : []
  const [first] = found
  process.nextTick(() => {
    if (!first) done(new OfflineError(name), '')
    else if (options.all) done(null, found)
    else done(null, first.address, first.family)
  })
}

const QUESTIONS = ['Any', '4', '6', 'Caa', 'Cname', 'Mx', 'Naptr', 'Ns', 'Ptr', 'Soa', 'Srv', 'Tlsa', 'Txt', ''].map(
  (type) => `resolve${type}`,
)

/** Puts the guard in front of this process's questions for names. */
export function guardNames(isOffline: () => boolean): void {
  for (const [owner, refuse] of [
    [dns, refuseByCallback],
    [dns.Resolver.prototype, refuseByCallback],
    [dns.promises, refuseByPromise],
    [dns.promises.Resolver.prototype, refuseByPromise],
  ] as const) {
    for (const method of [...QUESTIONS, 'reverse', 'lookupService']) {
      const holder = holderOf(owner, method)
      if (holder) aroundMethod(holder, method, (call) => (isOffline() ? refuse(call) : call.proceed()))
    }
  }
  aroundMethod(dns, 'lookup', (call) => (isOffline() && !isNumber(call) ? lookupByCallback(call) : call.proceed()))
  aroundMethod(dns.promises, 'lookup', (call) => (isOffline() && !isNumber(call) ? lookupByPromise(call) : call.proceed()))
  syncBuiltinESMExports()
}

/** The object on which a method really stands. */
function holderOf(owner: object, method: string): object | undefined {
  if (Object.hasOwn(owner, method)) return owner
  const parent: unknown = Object.getPrototypeOf(owner)
  return typeof parent === 'object' && parent !== null ? holderOf(parent, method) : undefined
}

const nameOf = ({ args }: Call): string => String(args[0])
const isNumber = (call: Call): boolean => isIP(nameOf(call)) !== 0

function refuseByCallback(call: Call): unknown {
  const done = call.args.at(-1)
  if (typeof done !== 'function') throw new OfflineError(nameOf(call))
  process.nextTick(() => void Reflect.apply(done, undefined, [new OfflineError(nameOf(call))]))
  return undefined
}

const refuseByPromise = (call: Call): unknown => Promise.reject(new OfflineError(nameOf(call)))

function lookupByCallback(call: Call): unknown {
  const done = call.args.at(-1)
  if (typeof done !== 'function') return call.proceed()
  lookupHere(nameOf(call), optionsOf(call), (...answer) => void Reflect.apply(done, undefined, answer))
  return undefined
}

function lookupByPromise(call: Call): unknown {
  if (!isLocalName(nameOf(call))) return refuseByPromise(call)
  const options = optionsOf(call)
  const found = addressesHere(options)
  return Promise.resolve(options.all ? found : found[0])
}

/** `lookup` takes a family in place of options. */
function optionsOf({ args: [, options] }: Call): { all?: boolean; family?: number } {
  if (typeof options === 'number') return { family: options }
  if (typeof options !== 'object' || options === null) return {}
  const { all, family }: LookupOptions = options
  const wanted = family === 'IPv4' ? 4 : family === 'IPv6' ? 6 : family
  return { all: all === true, ...(typeof wanted === 'number' && { family: wanted }) }
}
