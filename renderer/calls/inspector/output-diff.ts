import type { Json, JsonObject } from '../../../core/json.ts'
import { sameJson } from './turn-fields.ts'

/** A stretch of text that stayed, went or came. */
export type DiffWord = Readonly<{ kind: 'same' | 'gone' | 'new'; text: string }>

export type FieldDiff = Readonly<{ name: string }> &
  Readonly<
    | { kind: 'same' | 'new' | 'gone'; value: Json }
    | { kind: 'number'; before: number; after: number }
    | { kind: 'text'; words: readonly DiffWord[] }
    | { kind: 'list'; items: readonly Readonly<{ kind: DiffWord['kind']; value: Json }>[] }
    | { kind: 'replaced'; before: Json; after: Json }
  >

/** What changed from one turn's output to the next, field by field, in the order of the later one. */
export function diffOutputs(before: JsonObject, after: JsonObject): readonly FieldDiff[] {
  const gone = Object.keys(before).filter((name) => !(name in after))
  return [
    ...Object.keys(after).map((name) => diffField(name, before[name], after[name] ?? null)),
    ...gone.map((name): FieldDiff => ({ name, kind: 'gone', value: before[name] ?? null })),
  ]
}

function diffField(name: string, before: Json | undefined, after: Json): FieldDiff {
  if (before === undefined) return { name, kind: 'new', value: after }
  if (sameJson(before, after)) return { name, kind: 'same', value: after }
  if (typeof before === 'number' && typeof after === 'number') return { name, kind: 'number', before, after }
  if (typeof before === 'string' && typeof after === 'string') return { name, ...diffText(before, after) }
  if (isList(before) && isList(after)) {
    const items = diffSequence(before, after, (a, b) => sameJson(a, b))
    return { name, kind: 'list', items: items.map(({ kind, item }) => ({ kind, value: item })) }
  }
  return { name, kind: 'replaced', before, after }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Two sentences that share less than this are a replacement, not an edit. */
const LEAST_ALIKE = 0.3

function diffText(
  before: string,
  after: string,
): { kind: 'text'; words: readonly DiffWord[] } | { kind: 'replaced'; before: Json; after: Json } {
  const parts = diffSequence(splitWords(before), splitWords(after), (a, b) => a === b)
  const kept = parts.reduce((sum, { kind, item }) => sum + (kind === 'same' && item.trim() !== '' ? item.length : 0), 0)
  if (kept < LEAST_ALIKE * Math.max(before.length, after.length)) return { kind: 'replaced', before, after }
  const words: { kind: DiffWord['kind']; text: string }[] = []
  for (const { kind, item } of parts) {
    const last = words.at(-1)
    if (last?.kind === kind) last.text += item
    else words.push({ kind, text: item })
  }
  return { kind: 'text', words }
}

const splitWords = (text: string): readonly string[] => text.match(/\s+|[^\s]+/g) ?? []

/** More cells than this are not worth the wait: everything is shown as replaced. */
const MOST_CELLS = 250_000

/** Longest common subsequence. */
function diffSequence<Item>(
  before: readonly Item[],
  after: readonly Item[],
  same: (a: Item, b: Item) => boolean,
): readonly { kind: DiffWord['kind']; item: Item }[] {
  const width = after.length + 1
  if ((before.length + 1) * width > MOST_CELLS) {
    return [...before.map((item) => ({ kind: 'gone' as const, item })), ...after.map((item) => ({ kind: 'new' as const, item }))]
  }
  const lengths = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const equal = isSame(before, row, after, column, same)
      lengths[row * width + column] = equal ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const result: { kind: DiffWord['kind']; item: Item }[] = []
  let row = 0
  let column = 0
  while (row < before.length || column < after.length) {
    if (isSame(before, row, after, column, same)) {
      result.push(...after.slice(column, column + 1).map((item) => ({ kind: 'same' as const, item })))
      row += 1
      column += 1
    } else if (column >= after.length || (row < before.length && at(row + 1, column) >= at(row, column + 1))) {
      result.push(...before.slice(row, row + 1).map((item) => ({ kind: 'gone' as const, item })))
      row += 1
    } else {
      result.push(...after.slice(column, column + 1).map((item) => ({ kind: 'new' as const, item })))
      column += 1
    }
  }
  return result
}

const isSame = <Item>(
  before: readonly Item[],
  row: number,
  after: readonly Item[],
  column: number,
  same: (a: Item, b: Item) => boolean,
): boolean => {
  const a = before[row]
  const b = after[column]
  return row < before.length && column < after.length && a !== undefined && b !== undefined && same(a, b)
}
