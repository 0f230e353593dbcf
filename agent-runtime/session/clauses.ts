const FIRST_LEAST = 12
const FIRST_WORDS = 8
const NEXT_LEAST = 20
/** Longer than this, and even a comma will do; the speech before it is long enough to hide the cut. */
const NEXT_LONG = 120

/**
 * Cuts a stream of text for a TTS: the first clause is short, so that it is heard soon; then whole sentences. Nothing is lost:
 * the clauses joined are the text, spaces included.
 */
export async function* clauses(text: AsyncIterable<string>): AsyncGenerator<string> {
  let waiting = ''
  let first = true
  for await (const piece of text) {
    waiting += piece
    for (let end = cut(waiting, first); end > 0; end = cut(waiting, first)) {
      yield waiting.slice(0, end)
      waiting = waiting.slice(end)
      first = false
    }
  }
  if (waiting !== '') yield waiting
}

const cut = (text: string, first: boolean): number => (first ? firstEnd(text) : nextEnd(text))

function firstEnd(text: string): number {
  const clause = endAfter(text, /[,.!?;:…](?=\s)|[、。！？；：]/g, FIRST_LEAST)
  if (clause > 0) return clause
  const words = new RegExp(`^\\s*(?:\\S+\\s+){${FIRST_WORDS}}(?=\\S)`, 'u').exec(text)
  return words ? words[0].length : 0
}

function nextEnd(text: string): number {
  const sentence = endAfter(text, /[.!?…]["')\]]*(?=\s)|[。！？]|\n/g, NEXT_LEAST)
  return sentence > 0 ? sentence : endAfter(text, /[,;:](?=\s)|[、；：]/g, NEXT_LONG)
}

/** The spaces behind the mark stay with it, once it is known that they are all there. */
function endAfter(text: string, mark: RegExp, least: number): number {
  for (const { index, 0: found } of text.matchAll(mark)) {
    const end = index + found.length
    if (end < least) continue
    const spaces = /^\s*(?=\S)/u.exec(text.slice(end))
    return spaces ? end + spaces[0].length : 0
  }
  return 0
}
