/** Tells that something happened, and not what; listeners that were told in vain read once too often. */
export type Signal = Readonly<{ watch: (listener: () => void) => () => void; tell: () => void }>

export function createSignal(): Signal {
  const listeners = new Set<() => void>()
  return {
    watch: (listener) => {
      // Of its own, so that one function can watch twice and stop once.
      const own = () => listener()
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    tell: () => {
      for (const listener of listeners) listener()
    },
  }
}
