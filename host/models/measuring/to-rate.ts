/** Resampled by straight lines: enough for a sample whose words are not judged by ear. */
export function toRate(pcm: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return pcm
  const length = Math.floor((pcm.length * to) / from)
  return Int16Array.from({ length }, (_, i) => {
    const at = (i * from) / to
    const left = Math.floor(at)
    const [a, b] = [pcm[left] ?? 0, pcm[left + 1] ?? 0]
    return a + (b - a) * (at - left)
  })
}
