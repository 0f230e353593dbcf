import type { OutputOf } from '../../../core/contract/index.ts'
import { openedBy } from './key-facts.ts'

export type EnvEntry = OutputOf<'secret.preview_env'>['entries'][number]

/** What looks like a key is chosen already. */
export const chosenAtFirst = (entries: readonly EnvEntry[]): ReadonlySet<string> =>
  new Set(entries.filter(({ skip }) => skip === undefined).map(({ name }) => name))

/** What is said of a line: why it is left out, or what it opens. */
export function entryWords({ name, skip }: EnvEntry): string {
  if (skip !== undefined) return skip
  const opens = openedBy(`secret:${name}`)
  return opens.length > 0 ? `opens ${opens.join(', ')}` : 'looks like a key'
}

export function toggledName(chosen: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const next = new Set(chosen)
  if (!next.delete(name)) next.add(name)
  return next
}
