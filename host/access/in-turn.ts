/** What reads, decides and writes, one after the other by name, so that two at once do not both decide by what they read before. */
export type InTurn = <Value>(name: string, work: () => Promise<Value>) => Promise<Value>

/** On this instance: another one may still do the same at the same moment. */
export function createTurns(): InTurn {
  /** Of each name, the last that is under way. */
  const last = new Map<string, Promise<unknown>>()
  return async (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work)
    last.set(name, mine)
    try {
      return await mine
    } finally {
      if (last.get(name) === mine) last.delete(name)
    }
  }
}
