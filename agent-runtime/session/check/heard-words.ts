/** Numbers are written either way. */
const DIGITS: Readonly<Record<string, string>> = { '4': 'four', '4.': 'four' }

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => DIGITS[word] ?? word)

export type HeardWords = Readonly<{ right: number; of: number }>

/** How many words of what was said stand in what was heard, in order. */
export function heardWords(said: string, heard: string): HeardWords {
  const [expected, found] = [wordsOf(said), wordsOf(heard)]
  // Length of the longest common subsequence, row by row.
  let row = new Array<number>(found.length + 1).fill(0)
  for (const word of expected) {
    const next = [0]
    found.forEach((other, index) =>
      next.push(word === other ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0)),
    )
    row = next
  }
  return { right: row.at(-1) ?? 0, of: expected.length }
}
