import type { JsonValue } from '../document-edit.ts'

/** An object as rows of a form: names may be typed letter by letter, and their order stays. */
export type Entries = readonly (readonly [name: string, value: JsonValue])[]

export const entriesOf = (object: Readonly<Record<string, unknown>>): Entries =>
  Object.entries(object).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])

/** A name that another row has is not taken over: one of the two would be lost. */
export const withRenamed = (entries: Entries, at: number, name: string): Entries =>
  entries.some(([other], index) => index !== at && other === name)
    ? entries
    : entries.map((entry, index) => (index === at ? [name, entry[1]] : entry))

export const withEntry = (entries: Entries, at: number, value: JsonValue): Entries =>
  entries.map((entry, index) => (index === at ? [entry[0], value] : entry))

export const withoutEntry = (entries: Entries, at: number): Entries => entries.filter((_, index) => index !== at)

/** `X-Header`, or `X-Header-2` where that is taken. */
export function freeName(wanted: string, entries: Entries, between = '-'): string {
  const taken = new Set(entries.map(([name]) => name))
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}${between}${number}`)) number += 1
  return `${wanted}${between}${number}`
}
