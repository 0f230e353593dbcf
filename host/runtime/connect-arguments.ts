import type { LookupFunction } from 'node:net'

/** Where a socket is asked to go, as it was written. `lookup`: how the caller wants the name looked up. */
export type Destination = Readonly<{ host: string; port: string; lookup: unknown }>

/** As `net.Socket.connect` reads its arguments: options, a path, or a port and a host. Undefined: a socket of the file system. */
export function destinationOf([first, second]: readonly unknown[]): Destination | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first
  if (typeof options !== 'object' || options === null) {
    if (typeof options === 'string' && !/^\d+$/.test(options)) return undefined
    return { host: typeof second === 'string' ? second : '', port: String(options), lookup: undefined }
  }
  if ('path' in options && options.path) return undefined
  const port = 'port' in options ? String(options.port) : ''
  const host = 'host' in options && typeof options.host === 'string' ? options.host : ''
  return { host, port, lookup: 'lookup' in options ? options.lookup : undefined }
}

/** The same arguments, whose name is looked up another way. */
export function withLookup(args: readonly unknown[], lookup: LookupFunction): readonly unknown[] {
  const [first, second] = args
  if (Array.isArray(first)) {
    // As `net.connect` leaves it: a list that only it can make, so that it is kept.
    const options: unknown = first[0]
    if (typeof options === 'object' && options !== null) first[0] = { ...options, lookup }
    return args
  }
  if (typeof first === 'object' && first !== null) return [{ ...first, lookup }, ...args.slice(1)]
  const host = typeof second === 'string' ? { host: second } : {}
  return [{ port: first, ...host, lookup }, ...args.slice(1).filter((arg) => typeof arg === 'function')]
}
