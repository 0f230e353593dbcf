/** One thing that is remembered, whatever it is. */
export type Remembered = {
  readonly groups: readonly string[]
  chars: number
  /** From now on it is of before. */
  outdate: () => void
  /** Forgets it, unless somebody waits for it just now. */
  forget: () => boolean
}

/** All that is remembered, in the order of its last use: by what it depends on, and with a bound of its size. */
export type MemoryBook = Readonly<{
  add: (one: Remembered) => void
  used: (one: Remembered) => void
  resized: (one: Remembered, chars: number) => void
  remove: (one: Remembered) => void
  changed: (group: string) => void
  clear: () => void
}>

const MOST = 20_000
const MOST_CHARS = 64_000_000

export function createMemoryBook({ most = MOST, most_chars = MOST_CHARS } = {}): MemoryBook {
  const all = new Set<Remembered>()
  const members = new Map<string, Set<Remembered>>()
  let chars = 0

  function remove(one: Remembered): void {
    if (!all.delete(one)) return
    chars -= one.chars
    for (const group of one.groups) {
      const those = members.get(group)
      those?.delete(one)
      if (those?.size === 0) members.delete(group)
    }
  }
  function makeRoom(): void {
    for (const one of all) {
      if (all.size <= most && chars <= most_chars) return
      if (one.forget()) remove(one)
    }
  }
  return {
    add: (one) => {
      all.add(one)
      chars += one.chars
      for (const group of one.groups) members.set(group, (members.get(group) ?? new Set()).add(one))
      makeRoom()
    },
    used: (one) => {
      if (all.delete(one)) all.add(one)
    },
    resized: (one, size) => {
      if (!all.has(one)) return
      chars += size - one.chars
      one.chars = size
      makeRoom()
    },
    remove,
    changed: (group) => {
      for (const one of members.get(group) ?? []) one.outdate()
    },
    clear: () => {
      for (const one of all) one.outdate()
    },
  }
}
