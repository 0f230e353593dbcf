/**
 * Offline mode. Threat: something that runs here (a provider's SDK, an update check of a library) sends a caller's words beyond this
 * machine although its user was told that nothing leaves it. So every way by which JavaScript opens a connection is stopped in front of
 * the system call, in the host and in all its processes, names are not even looked up, and what was refused is told.
 * Local sockets and loopback stay open. Natives with networking of their own are not covered.
 */
import { channel } from 'node:diagnostics_channel'
import { Socket as UdpSocket } from 'node:dgram'
import { BlockList, Socket, isIPv6 } from 'node:net'

/** Who hears `{ on: boolean }` here switches the guard of its process. */
export const OFFLINE_CHANNEL = 'greenroom.offline'

/** `code: 'EOFFLINE'`. */
export class OfflineError extends Error {
  readonly code = 'EOFFLINE'
  constructor(host: string) {
    super(`Greenroom is offline: ${host} was not asked`)
    this.name = 'OfflineError'
  }
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether a connection to it stays on this machine. A name other than `localhost` may lead anywhere. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (name === '' || name === 'localhost' || name.endsWith('.localhost')) return true
  return LOOPBACK.check(name, isIPv6(name) ? 'ipv6' : 'ipv4')
}

/** Puts the guard in front of this process's connections, once; it lets everything pass until it is switched on. */
export function guardNetwork(on: boolean): void {
  let offline = on
  channel(OFFLINE_CHANNEL).subscribe((message) => {
    offline = typeof message === 'object' && message !== null && 'on' in message && message.on === true
  })
  guardTcp(() => offline)
  guardUdp(() => offline)
}

type Call = Readonly<{ self: unknown; args: readonly unknown[]; proceed: () => unknown }>

/** Replaces a method by one that may go on with the original. */
function around(prototype: object, method: string, handle: (call: Call) => unknown): void {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method)
  const original: unknown = descriptor?.value
  if (typeof original !== 'function') throw new Error(`there is no ${method} to put a guard in front of`)
  const value = new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]): unknown =>
      handle({ self, args, proceed: (): unknown => Reflect.apply(target, self, args) }),
  })
  Object.defineProperty(prototype, method, { ...descriptor, value })
}

function guardTcp(isOffline: () => boolean): void {
  around(Socket.prototype, 'connect', ({ self, args, proceed }) => {
    const host = hostOf(args)
    if (!isOffline() || isLoopback(host) || !(self instanceof Socket)) return proceed()
    process.nextTick(() => self.destroy(new OfflineError(host)))
    return self
  })
}

/** As `net.Socket.connect` reads its arguments: options, a path, or a port and a host. */
function hostOf([first, second]: readonly unknown[]): string {
  const options: unknown = Array.isArray(first) ? first[0] : first
  if (typeof options !== 'object' || options === null) return typeof second === 'string' ? second : ''
  if ('path' in options && typeof options.path === 'string') return ''
  return 'host' in options && typeof options.host === 'string' ? options.host : ''
}

function guardUdp(isOffline: () => boolean): void {
  for (const method of ['send', 'connect']) {
    around(UdpSocket.prototype, method, ({ args, proceed }) => {
      const host = args.find((arg, at) => at > 0 && typeof arg === 'string')
      if (isOffline() && typeof host === 'string' && !isLoopback(host)) throw new OfflineError(host)
      return proceed()
    })
  }
}
