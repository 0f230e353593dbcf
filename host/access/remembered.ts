export type Remembered<Value> = Readonly<{
  /** What is remembered, or what `read` gives; several who ask at once cause one question. */
  get: (id: string, read: () => Promise<Value | undefined>) => Promise<Value | undefined>
  /** What is being read now is not remembered either: it may be of before. */
  clear: () => void
}>

export type RememberOptions = Readonly<{ kept_ms: number; absent_ms: number; most: number; clock: () => number }>

/** A small memory of questions to the store; what is not there is remembered for a shorter time. */
export function createRemembered<Value>({ kept_ms, absent_ms, most, clock }: RememberOptions): Remembered<Value> {
  let kept = new Map<string, Readonly<{ until: number; value: Promise<Value | undefined> }>>()

  function keep(id: string, value: Promise<Value | undefined>): void {
    const into = kept
    into.set(id, { until: clock() + kept_ms, value })
    const [oldest] = into.keys()
    if (into.size > most && oldest !== undefined) into.delete(oldest)
    value.then(
      (found) => found === undefined && into.get(id)?.value === value && into.set(id, { until: clock() + absent_ms, value }),
      () => into.get(id)?.value === value && into.delete(id),
    )
  }
  return {
    get(id, read) {
      const known = kept.get(id)
      if (known && known.until > clock()) return known.value
      kept.delete(id)
      const value = read()
      keep(id, value)
      return value
    },
    clear: () => void (kept = new Map()),
  }
}
