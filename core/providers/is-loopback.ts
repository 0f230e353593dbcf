const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** Whether an address leads no further than this machine; `http://localhost@elsewhere` does. */
export function isLoopback(address: string): boolean {
  const host = /^(?:https?|wss?):\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/:?#@]*)(?=[/:?#]|$)/i.exec(address)?.[1]?.toLowerCase()
  return host !== undefined && LOOPBACK.test(host)
}
