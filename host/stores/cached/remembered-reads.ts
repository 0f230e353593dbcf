import type { MemoryBook, Remembered } from './memory-book.ts'
import { isFailure, type StoreGuard } from './store-guard.ts'

export type Question<Value> = Readonly<{
  key: string
  /** What the answer depends on: when one of these names is told as changed, it is of before. */
  groups: readonly string[]
  read: () => Promise<Value>
  /** Looks at what is read before anybody gets it; `last`: what was given before. */
  through?: (read: () => Promise<Value>, last: Value | undefined) => Promise<Value>
}>

/** A memory below this one, which instances share. What it has is as good as what the store says. */
export type SharedMemory<Value> = Readonly<{
  find: (
    question: Question<Value>,
  ) => Promise<Readonly<{ isThere: true; value: Value }> | Readonly<{ isThere: false; keep: (value: Value) => void }>>
}>

/**
 * What was read lately. An answer is given until something that it depends on has changed, or its time is over; then it stays as the last
 * good one, for as long as there is room, and is what is said while the store says nothing.
 */
export type RememberedReads<Value> = Readonly<{ get: (question: Question<Value>) => Promise<Value> }>

export type RememberedReadsOptions<Value> = Readonly<{
  book: MemoryBook
  guard: StoreGuard
  clock: () => number
  /** The last good answer stood in for the store; `newer` is what it says after all, or why it does not. */
  onStale: (newer: Promise<unknown>) => void
  /** Whether this answer may be given to others at all. */
  isKept?: ((value: Value) => boolean) | undefined
  shared?: SharedMemory<Value> | undefined
}>

export const KEPT_MS = 300_000
const ABSENT_MS = 30_000
/**
 * How long the store may take: with nothing else to say; with an answer at hand that is known to be of before (who has just written waits to
 * read it); with one that is merely old; and with such a one when the store is known to be slow.
 */
const READ_MS = 5_000
const CHANGED_MS = 2_500
const OLD_MS = 500
const OLD_SLOW_MS = 50

type Slot<Value> = Remembered & {
  answer?: { value: Value; until: number; changed: boolean }
  /** What is being read now, unless that may be of before. */
  flight?: Promise<Value> | undefined
}

export function createRememberedReads<Value>(options: RememberedReadsOptions<Value>): RememberedReads<Value> {
  const { book, guard, clock, onStale, isKept = () => true, shared } = options
  const slots = new Map<string, Slot<Value>>()

  function slotOf({ key, groups }: Question<Value>): Slot<Value> {
    const known = slots.get(key)
    if (known) {
      book.used(known)
      return known
    }
    const slot: Slot<Value> = {
      ...{ groups, chars: 0 },
      outdate: () => {
        slot.flight = undefined
        if (slot.answer) slot.answer = { ...slot.answer, until: 0, changed: true }
      },
      forget: () => slot.flight === undefined && slots.delete(key),
    }
    slots.set(key, slot)
    book.add(slot)
    return slot
  }

  function drop(key: string, slot: Slot<Value>): void {
    if (slots.get(key) === slot) slots.delete(key)
    book.remove(slot)
  }

  function keep(key: string, slot: Slot<Value>, value: Value, isFresh: boolean): void {
    if (!isKept(value)) return drop(key, slot)
    // What was read while it changed is better than nothing, and worse than what was read after it.
    if (!isFresh && slot.answer) return
    const until = isFresh ? clock() + (value === undefined ? ABSENT_MS : KEPT_MS) : 0
    slot.answer = { value, until, changed: !isFresh }
    book.resized(slot, JSON.stringify(value)?.length ?? 0)
  }

  async function load(question: Question<Value>, last: Value | undefined): Promise<Value> {
    const known = await shared?.find(question)
    if (known?.isThere) return known.value
    const read = () => guard.ask(question.read, { within_ms: READ_MS })
    const value = await (question.through ? question.through(read, last) : read())
    known?.keep(value)
    return value
  }

  /** One question at a time, however many ask it. */
  function ask(slot: Slot<Value>, question: Question<Value>): Promise<Value> {
    const flight = load(question, slot.answer?.value).then(
      (value) => {
        const isFresh = slot.flight === flight
        if (isFresh) slot.flight = undefined
        keep(question.key, slot, value, isFresh)
        return value
      },
      (cause: unknown) => {
        if (slot.flight === flight) slot.flight = undefined
        if (!slot.answer && !slot.flight) drop(question.key, slot)
        throw cause
      },
    )
    slot.flight = flight
    return flight
  }

  return {
    get: async (question) => {
      const slot = slotOf(question)
      const { answer } = slot
      if (answer && answer.until > clock()) return answer.value
      const flight = slot.flight ?? ask(slot, question)
      // That something was not there once says nothing.
      if (answer?.value === undefined) return flight
      try {
        const old_ms = guard.state().state === 'ok' ? OLD_MS : OLD_SLOW_MS
        return await soon(flight, answer.changed ? CHANGED_MS : old_ms)
      } catch (cause) {
        if (cause !== LATE && !isFailure(cause)) throw cause
        if (cause === LATE) guard.late()
        onStale(flight)
        return answer.value
      }
    },
  }
}

const LATE = new Error('The store takes longer than a caller can be kept waiting.')

async function soon<Value>(answer: Promise<Value>, ms: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(LATE), ms)))
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
