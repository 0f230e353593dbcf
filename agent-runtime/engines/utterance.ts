export const STT_RATE = 16_000

/** Whisper sees 30 s; with its padding a piece must stay below. */
const MAX_PIECE = 22 * STT_RATE
/** Where a longer recording may be cut: at the quietest moment after this. */
const MIN_PIECE = 14 * STT_RATE
const WINDOW = STT_RATE / 20
/** Below this nothing was said, and Whisper would invent something. */
const SILENT_PEAK = 100

/** Cuts a recording into pieces that Whisper takes, each at the quietest moment near its end. */
export function pieces(pcm: Int16Array): Int16Array[] {
  if (pcm.length <= MAX_PIECE) return isSilent(pcm) ? [] : [pcm]
  const cut = quietestWindow(pcm, MIN_PIECE, MAX_PIECE)
  return [...pieces(pcm.subarray(0, cut)), ...pieces(pcm.subarray(cut))]
}

const isSilent = (pcm: Int16Array) => pcm.every((sample) => Math.abs(sample) < SILENT_PEAK)

function quietestWindow(pcm: Int16Array, from: number, to: number): number {
  let best = to
  let least = Infinity
  for (let start = from; start + WINDOW <= to; start += WINDOW) {
    let energy = 0
    for (let i = start; i < start + WINDOW; i++) energy += (pcm[i] ?? 0) ** 2
    if (energy < least) {
      least = energy
      best = start + WINDOW / 2
    }
  }
  return best
}

/** Silence around an utterance, s. Short tails cost words and make Whisper repeat itself; 4-7 s of true silence cost 25 ms. */
export const PADDING = { whisper: { lead: 0.3, tail: 5 }, others: { lead: 0.1, tail: 0.5 } } as const

/** One piece as the model hears it best: silence before and after, -1…1. */
export function padded(piece: Int16Array, { lead, tail }: Readonly<{ lead: number; tail: number }>): Float32Array {
  const first = Math.round(lead * STT_RATE)
  const samples = new Float32Array(first + piece.length + Math.round(tail * STT_RATE))
  for (let i = 0; i < piece.length; i++) samples[first + i] = (piece[i] ?? 0) / 32768
  return samples
}
