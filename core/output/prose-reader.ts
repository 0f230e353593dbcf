/** What a piece of text gives: words to speak, and the text of an object from its opening brace on. */
export type Prose = Readonly<{ speak: string; object?: string }>

export type ProseReader = Readonly<{
  push: (chunk: string) => Prose
  /** What was held back, when no object came. */
  rest: () => string
}>

/** How long words may be a mere "Here is the JSON:" before they are taken for the answer itself. */
const PREAMBLE = 80
const THINK = '<think>'
const THINK_END = '</think>'
const NONE: Prose = { speak: '' }

/**
 * Finds the object in a reply that does not begin with one: words or a code fence before it are dropped, reasoning in
 * `<think>` is dropped, and text in which no object comes is spoken as it is, without the spaces around it.
 */
export function createProseReader(): ProseReader {
  let held = ''
  let speaking = false
  let thinking = false
  /** Spaces at the end of what was spoken: told only when a word follows. */
  let spaces = ''

  function push(chunk: string): Prose {
    held += chunk
    if (thinking && !leaveThought()) return NONE
    if (!speaking) {
      held = held.trimStart()
      if (held === '') return NONE
      if (held.startsWith('{')) return give(0)
      if (THINK.startsWith(held)) return NONE
      if (held.startsWith(THINK)) {
        thinking = true
        held = held.slice(THINK.length)
        return push('')
      }
    }
    return lookForObject()
  }

  /** Whether the thought is over; its text goes. */
  function leaveThought(): boolean {
    const end = held.indexOf(THINK_END)
    held = end < 0 ? held.slice(-THINK_END.length) : held.slice(end + THINK_END.length)
    thinking = end < 0
    return !thinking
  }

  /** In words, `{` begins an object only when a quote comes next: "{name}" is text. */
  function lookForObject(): Prose {
    for (let at = held.indexOf('{'); at >= 0; at = held.indexOf('{', at + 1)) {
      const next = held
        .slice(at + 1)
        .trimStart()
        .charAt(0)
      if (next === '"') return give(at)
      if (next === '') return speakUpTo(at)
    }
    return speakUpTo(held.length)
  }

  const give = (at: number): Prose => {
    const words = held.slice(0, at)
    const object = held.slice(at)
    held = ''
    return { speak: speaking ? spoken(words) : '', object }
  }

  function speakUpTo(at: number): Prose {
    if (!speaking && (held.length < PREAMBLE || held.startsWith('```'))) return NONE
    speaking = true
    const words = held.slice(0, at)
    held = held.slice(at)
    return { speak: spoken(words) }
  }

  function spoken(words: string): string {
    const text = spaces + words
    const kept = text.trimEnd()
    spaces = text.slice(kept.length)
    return kept
  }

  return { push, rest: () => (thinking ? '' : spoken(held)) }
}
