type Limits = Readonly<{ min_length?: number | undefined; max_length?: number | undefined }>

/** The text with a length (in code points) between the limits: cut at a word where that leaves enough, filled up with dots. */
export function fitText(text: string, { min_length = 0, max_length = Infinity }: Limits): string {
  const letters = [...text]
  if (letters.length < min_length) return text + '.'.repeat(min_length - letters.length)
  if (letters.length <= max_length) return text
  const cut = letters.slice(0, max_length).join('')
  const atWord = cut.slice(0, Math.max(0, cut.lastIndexOf(' '))).replace(/[\s,;:"]+$/, '')
  return [...atWord].length >= Math.max(min_length, 1) ? atWord : cut
}
