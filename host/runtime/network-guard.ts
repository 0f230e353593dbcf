/**
 * Offline mode. Threat: something that runs here (a provider's SDK, an update check of a library) sends a caller's words beyond this
 * machine although its user was told that nothing leaves it. So every way by which JavaScript opens a connection is stopped in front of
 * the system call, in the host and in all its processes, names are not even looked up, connections that were open are cut, and what was
 * refused is told. Local sockets and loopback stay open, but not a proxy that listens there.
 * Natives with networking of their own are not covered.
 */
import { channel } from 'node:diagnostics_channel'
import { Socket as UdpSocket } from 'node:dgram'
import { BlockList, Socket, isIPv4, isIPv6 } from 'node:net'
import { aroundMethod } from './around-method.ts'
import { destinationOf, withLookup } from './connect-arguments.ts'
import { guardNames, isLocalName, lookupHere } from './name-guard.ts'
import { OfflineError } from './offline-error.ts'
import { proxiesHere } from './proxies-here.ts'

/** Who hears `{ on: boolean }` here switches the guard of its process. */
export const OFFLINE_CHANNEL = 'greenroom.offline'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether a connection to it stays on this machine. A name other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '')
  if (name === '' || isLocalName(name)) return true
  // Asked for every request. Node takes no address with leading zeros for IPv4: what begins so lies in 127.0.0.0/8.
  if (isIPv4(name)) return name.startsWith('127.')
  return isIPv6(name) && LOOPBACK.check(name, 'ipv6')
}

/** Puts the guard in front of this process's connections, once; it lets everything pass until it is switched on. */
export function guardNetwork(on: boolean): void {
  let offline = on
  const beyond = new Map<Socket, string>()
  channel(OFFLINE_CHANNEL).subscribe((message) => {
    offline = typeof message === 'object' && message !== null && 'on' in message && message.on === true
    if (!offline) return
    for (const [socket, host] of beyond) socket.destroy(new OfflineError(host))
  })
  guardTcp(() => offline, beyond)
  guardUdp(() => offline)
  guardNames(() => offline)
}

/** `beyond`: keeps those that lead further than this machine while they are open. */
function guardTcp(isOffline: () => boolean, beyond: Map<Socket, string>): void {
  const proxies = proxiesHere(process.env, process.execArgv)
  aroundMethod(Socket.prototype, 'connect', ({ self, args, proceed }) => {
    const to = destinationOf(args)
    if (!to || !(self instanceof Socket)) return proceed()
    const host = proxies.has(`${to.host || 'localhost'}:${to.port}`) ? `the proxy ${to.host}:${to.port}` : to.host
    if (isOffline() && !isLoopback(host)) {
      process.nextTick(() => self.destroy(new OfflineError(host)))
      return self
    }
    if (isLoopback(host)) return proceed(isOffline() ? withLookup(args, lookupHere) : args)
    beyond.set(self, host)
    self.once('close', () => beyond.delete(self))
    return proceed()
  })
}

function guardUdp(isOffline: () => boolean): void {
  for (const method of ['send', 'connect']) {
    aroundMethod(UdpSocket.prototype, method, ({ self, args, proceed }) => {
      const host = args.find((arg, at) => at > 0 && typeof arg === 'string') ?? connectedTo(self)
      if (isOffline() && typeof host === 'string' && !isLoopback(host)) throw new OfflineError(host)
      return proceed()
    })
  }
}

function connectedTo(socket: unknown): string | undefined {
  try {
    return socket instanceof UdpSocket ? socket.remoteAddress().address : undefined
  } catch {
    return undefined // it is not connected
  }
}
