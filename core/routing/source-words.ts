import type { RouteSource } from './decision.ts'

/** How a source is called in a sentence. */
export const SOURCE_WORDS: Readonly<Record<RouteSource, string>> = {
  dispatch_name: 'the dispatch name',
  job_metadata: "the job's metadata",
  room_metadata: "the room's metadata",
  participant_metadata: "the caller's metadata",
  participant_attributes: "the caller's attributes",
}

const SHOWN = 60

/** A value that somebody wrote, short enough for a sentence. */
export function quoted(text: string): string {
  const letters = [...text.slice(0, SHOWN * 2)]
  return `"${letters.length > SHOWN ? `${letters.slice(0, SHOWN).join('')}…` : letters.join('')}"`
}
