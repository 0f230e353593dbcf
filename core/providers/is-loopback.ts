import { addressHost } from './address-host.ts'

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Whether an address leads no further than this machine. */
export function isLoopback(address: string): boolean {
  const host = addressHost(address)
  return host !== undefined && LOOPBACK.test(host)
}
