/** What Whisper writes, without what nobody said: "[BLANK_AUDIO]", "(water running)", and the loops that it falls into. */
export function transcriptText(raw: string): string {
  const words = raw
    .replace(/[[(][^\])]*[\])]?/g, ' ')
    .replace(/[♪♫]+/g, ' ')
    .trim()
    .split(/\s+/)
  const text = withoutLoops(words).join(' ')
  return /[\p{L}\p{N}]/u.test(text) ? text : ''
}

const LONGEST_LOOP = 12

/** People say a word three times, and hardly ever a phrase; a loop of Whisper goes on and on. One round of it is kept. */
function withoutLoops(words: string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at < words.length;) {
    const length = loopAt(words, at)
    if (length === 0) {
      kept.push(words[at] ?? '')
      at += 1
      continue
    }
    const phrase = words.slice(at, at + length)
    kept.push(...phrase)
    while (samePhrase(words, at, at + length, length)) at += length
    at += length
  }
  return kept
}

function loopAt(words: string[], at: number): number {
  for (let length = 1; length <= LONGEST_LOOP; length++) {
    const rounds = length === 1 ? 5 : 3
    const repeats = Array.from({ length: rounds - 1 }, (_, round) => samePhrase(words, at, at + (round + 1) * length, length))
    if (repeats.every(Boolean)) return length
  }
  return 0
}

const bare = (word: string | undefined) => word?.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

function samePhrase(words: string[], a: number, b: number, length: number): boolean {
  if (b + length > words.length) return false
  for (let i = 0; i < length; i++) if (bare(words[a + i]) !== bare(words[b + i])) return false
  return true
}
