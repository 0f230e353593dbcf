/** Sends one thing after the other, never on anybody's path: what fails is lost, and the connection itself says why. */
export type SendQueue = Readonly<{
  add: (send: () => Promise<void>) => void
  /** Resolves when everything added so far was sent, or was not. */
  settled: () => Promise<void>
}>

export function createSendQueue(): SendQueue {
  let last: Promise<void> = Promise.resolve()
  return {
    add: (send) => void (last = last.then(send).catch(() => undefined)),
    settled: () => last,
  }
}
