/**
 * The guard of processes that run calls of tenants who may not reach inside the network of the server. Threat: see
 * ../fetching/address-rule.ts. It stands in front of every socket of the process, whoever opens it (adapters of providers, tools, their
 * libraries), because an address comes from a tenant's document in many ways. A process has one such rule for its whole life: connections
 * are kept and shared within it, so that a rule for each call would not hold. Sockets of the file system (engines) stay open.
 * Natives with networking of their own (WebRTC) are not covered: their server is the operator's.
 */
import { Socket as UdpSocket } from 'node:dgram'
import type { LookupAddress } from 'node:dns'
import { Socket, isIP } from 'node:net'
import type { AddressRule } from '../fetching/address-rule.ts'
import { checkedLookup, type LookUp } from '../fetching/checked-lookup.ts'
import { RefusedAddress } from '../fetching/refused-address.ts'
import { aroundMethod } from './around-method.ts'
import { destinationOf, withLookup } from './connect-arguments.ts'

/** Puts the guard in front of this process's connections, for good. */
export function guardAddresses(rule: AddressRule): void {
  aroundMethod(Socket.prototype, 'connect', ({ self, args, proceed }) => {
    const to = destinationOf(args)
    if (!to || !(self instanceof Socket)) return proceed()
    const host = to.host.replace(/^\[|\]$/g, '') || 'localhost'
    if (isIP(host) === 0) return proceed(withLookup(args, checkedLookup(rule, asTheCaller(to.lookup))))
    const kind = rule(host)
    if (kind === undefined) return proceed()
    process.nextTick(() => self.destroy(new RefusedAddress(host, kind)))
    return self
  })
  for (const method of ['send', 'connect']) {
    aroundMethod(UdpSocket.prototype, method, ({ self, args, proceed }) => {
      const named = args.find((arg, at) => at > 0 && typeof arg === 'string')
      if (typeof named !== 'string' && isConnected(self)) return proceed()
      const host = typeof named === 'string' ? named : '127.0.0.1'
      const kind = isIP(host) === 0 ? 'a name' : rule(host)
      if (kind !== undefined) throw new RefusedAddress(host, kind)
      return proceed()
    })
  }
}

function isConnected(socket: unknown): boolean {
  try {
    return socket instanceof UdpSocket && socket.remoteAddress().address !== ''
  } catch {
    // remoteAddress() throws while there is none.
    return false
  }
}

/** How the caller wants names looked up: one answer or a list of them, whatever was asked for. */
function asTheCaller(lookup: unknown): LookUp | undefined {
  if (typeof lookup !== 'function') return undefined
  return (name, options, done) => {
    const answered = (error: NodeJS.ErrnoException | null, found: unknown, family?: number) => {
      const list: unknown[] = Array.isArray(found) ? found : [{ address: found, family }]
      done(error, error ? [] : list.filter(isFound))
    }
    Reflect.apply(lookup, undefined, [name, options, answered])
  }
}

const isFound = (one: unknown): one is LookupAddress =>
  typeof one === 'object' && one !== null && 'address' in one && typeof one.address === 'string' && isIP(one.address) !== 0
