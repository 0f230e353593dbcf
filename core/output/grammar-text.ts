/** Pieces of GBNF, the grammar language of llama.cpp (its grammars/README.md). */

/** `text` as it stands, in quotes. */
export const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`

/** A JSON value as it stands. */
export const quotedJson = (value: string | number | boolean | null): string => quoted(JSON.stringify(value))

export const choice = (alternatives: readonly string[]): string =>
  alternatives.length === 1 ? (alternatives[0] ?? '""') : `(${alternatives.join(' | ')})`

/** llama.cpp writes repeats out, and refuses a count above two thousand: longer ones are made of blocks. */
const BLOCK = 100

/** `item` at least `least` and at most `most` times. */
export function repeated(item: string, least: number, most: number): string {
  const blocks = Math.floor(least / BLOCK)
  const rest = least - blocks * BLOCK
  const block = blocks > 0 ? `((${item}){${BLOCK}}){${blocks}}` : ''
  const tail = most > blocks * BLOCK ? `(${item}){${rest},${most - blocks * BLOCK}}` : ''
  return [block, tail].filter(Boolean).join(' ') || '""'
}
