/** So long after a digit another one may come. */
const PAUSE_MS = 1500
/** A client can send any text as a digit, and as many as it likes. */
const DIGIT = /^[\d*#A-D]$/i
const MOST_DIGITS = 64

/** Digits that the caller dials, gathered until a pause or the `#` that ends an entry. */
export type Dialling = Readonly<{ digit: (identity: string, digit: string) => void; close: () => void }>

export function createDialling(onDialled: (identity: string, digits: string) => void): Dialling {
  const dialled = new Map<string, { digits: string; timer: NodeJS.Timeout }>()
  const done = (identity: string) => {
    const entry = dialled.get(identity)
    dialled.delete(identity)
    if (!entry) return
    clearTimeout(entry.timer)
    onDialled(identity, entry.digits)
  }
  return {
    digit(identity, digit) {
      if (!DIGIT.test(digit)) return
      const before = dialled.get(identity)
      clearTimeout(before?.timer)
      const digits = (before?.digits ?? '') + digit
      dialled.set(identity, { digits, timer: setTimeout(() => done(identity), PAUSE_MS) })
      if (digit === '#' || digits.length >= MOST_DIGITS) done(identity)
    },
    close() {
      for (const { timer } of dialled.values()) clearTimeout(timer)
      dialled.clear()
    },
  }
}
