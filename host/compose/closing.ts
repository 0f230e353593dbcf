/** What was opened on the way up, so that it is closed on the way down. */
export type Closing = Readonly<{
  add: (close: () => void | Promise<void>) => void
  /** In the opposite order of opening; each one gets its turn, whatever the others do. Rejects with what failed last. */
  close: () => Promise<void>
}>

export function createClosing(): Closing {
  const opened: (() => void | Promise<void>)[] = []
  async function close(): Promise<void> {
    const last = opened.pop()
    if (!last) return
    try {
      await last()
    } finally {
      await close()
    }
  }
  return { add: (one) => void opened.push(one), close }
}
