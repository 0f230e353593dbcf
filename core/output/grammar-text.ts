/** Pieces of GBNF, the grammar language of llama.cpp (its grammars/README.md). */

/** `text` as it stands, in quotes. */
export const quoted = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`

/** A JSON value as it stands. */
export const quotedJson = (value: string | number | boolean | null): string => quoted(JSON.stringify(value))

export const choice = (alternatives: readonly string[]): string =>
  alternatives.length === 1 ? (alternatives[0] ?? '""') : `(${alternatives.join(' | ')})`

/**
 * llama.cpp writes repeats out, multiplies those inside each other and refuses more than about two thousand; a rule with a name counts
 * once. So what is repeated is always a name, and long texts are made of blocks, which `blockRule` writes.
 */
const BLOCK = 100

export const blockRule = (name: string): string => `${name}${BLOCK} ::= ${name}{${BLOCK}}`

/** The rule `name` at least `least` and at most `most` times, which may be some hundreds more. */
export function repeated(name: string, least: number, most: number): string {
  const blocks = Math.floor(least / BLOCK)
  const [from, to] = [least - blocks * BLOCK, most - blocks * BLOCK]
  return (
    [blocks > 0 ? `${name}${BLOCK}{${blocks}}` : '', to > 0 ? `${name}{${from},${to}}` : ''].filter(Boolean).join(' ') || '""'
  )
}
