/** What arrives by callback, to be read with `for await`; read by one reader, in order. */
export type Inbox<Item> = Readonly<{
  push: (item: Item) => void
  /** Items already there are still read; then the reader throws. */
  fail: (cause: Error) => void
  items: () => AsyncGenerator<Item, never>
}>

export function createInbox<Item>(): Inbox<Item> {
  const waiting: Item[] = []
  let failure: Error | undefined
  let wake: (() => void) | undefined
  return {
    push(item) {
      waiting.push(item)
      wake?.()
    },
    fail(cause) {
      failure ??= cause
      wake?.()
    },
    async *items() {
      for (;;) {
        const item = waiting.shift()
        if (item !== undefined) yield item
        else if (failure) throw failure
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
