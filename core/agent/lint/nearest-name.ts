/** Longer names, and more of them, are nobody's slip of the pen, and comparing them takes time by their product. */
const LONGEST = 100
const MOST = 500

/** The known name that someone most likely meant: same letters but for a few, or sharing a whole word. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined
  const ranked = known
    .slice(0, MOST)
    .filter((candidate) => candidate.length <= LONGEST)
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) - (sharesWord(name, candidate) ? 2 : 0) }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best && (best.distance <= Math.max(1, Math.floor(name.length / 4)) || sharesWord(name, best.candidate))
    ? best.candidate
    : undefined
}

const wordsOf = (name: string): string[] => name.split(/[_.]/).filter((word) => word.length > 3)
const sharesWord = (a: string, b: string): boolean => wordsOf(a).some((word) => wordsOf(b).includes(word))

/** Letters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
