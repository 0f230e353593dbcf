/** Longest piece that is synthesised at once, in characters: about 15 s of speech. */
const MAX_LENGTH = 240

/** A line's end, or a full stop and the like before a space, unless it belongs to an abbreviation before a name or an example. */
const SENTENCE_END = /(?<=[.!?…。！？]["'”’)]*)(?<!\b(?:Mr|Mrs|Ms|Dr|Prof|St|vs|e\.g|i\.e)\.)\s+|\n+/u

/** Cuts text where a voice may pause, so that the first audio does not wait for the last word. */
export function sentences(text: string): string[] {
  const pieces = text.split(SENTENCE_END).map((piece) => piece.trim())
  return pieces.filter((piece) => piece !== '').flatMap(shortened)
}

function shortened(sentence: string): string[] {
  if (sentence.length <= MAX_LENGTH) return [sentence]
  const head = sentence.slice(0, MAX_LENGTH)
  const pause = Math.max(head.lastIndexOf(', '), head.lastIndexOf('; '), head.lastIndexOf(': '))
  const space = head.lastIndexOf(' ')
  const cut = pause > 0 ? pause + 1 : space > 0 ? space : MAX_LENGTH
  return [sentence.slice(0, cut).trim(), ...shortened(sentence.slice(cut).trim())]
}
