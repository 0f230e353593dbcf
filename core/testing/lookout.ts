/** Waiting for what others cause: `heard` whenever something happened, `until` for what shall be so. */
export type Lookout = Readonly<{
  heard: () => void
  /** Resolves with the first thing that is found, also one that is there already; rejects when `find` throws. */
  until: <Found>(find: () => Found | undefined | false) => Promise<Found>
}>

export function createLookout(): Lookout {
  const waiting = new Set<() => void>()
  return {
    heard: () => {
      for (const look of [...waiting]) look()
    },
    until: (find) =>
      new Promise((resolve, reject) => {
        const look = () => {
          try {
            const found = find()
            if (found === undefined || found === false) return
            resolve(found)
          } catch (cause) {
            reject(cause instanceof Error ? cause : new Error(String(cause)))
          }
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
  }
}
