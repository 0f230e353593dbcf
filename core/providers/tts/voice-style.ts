export type Mood = keyof typeof MOODS

/** What free words such as "calm and warm, a little slower" ask of a voice, as far as providers with fixed styles can follow. */
export type VoiceStyleWords = Readonly<{
  /** The first that is named. */
  mood?: Mood
  pace?: 'slow' | 'fast'
  loudness?: 'whisper' | 'soft' | 'loud'
}>

/** Beginnings of words; a word that begins with one of them counts. */
const MOODS = {
  calm: ['calm', 'sooth', 'relax', 'gentl', 'peaceful', 'seren', 'patient', 'steady', 'measured', 'compos', 'tranquil'],
  warm: ['warm', 'friendl', 'kind', 'welcom', 'caring', 'invit', 'support', 'encourag', 'approachable'],
  happy: ['happ', 'cheer', 'joy', 'upbeat', 'bright', 'delight', 'positive', 'smil'],
  excited: ['excit', 'enthus', 'energ', 'thrill', 'livel', 'eager', 'passion', 'animat'],
  sympathetic: ['sympath', 'empath', 'compassion', 'understanding', 'concern', 'reassur', 'comfort', 'tender'],
  apologetic: ['apolog', 'sorry', 'regret'],
  sad: ['sad', 'melanchol', 'somber', 'sombre', 'disappoint', 'mourn'],
  serious: ['serious', 'formal', 'profession', 'businesslike', 'solemn', 'matter-of-fact', 'grave'],
  confident: ['confiden', 'assertive', 'authorit', 'firm', 'determin', 'decisive'],
  curious: ['curio', 'interested', 'inquisitive', 'intrigu'],
  thoughtful: ['thoughtful', 'reflecti', 'contemplat', 'pensive'],
  surprised: ['surpris', 'amaz', 'astonish'],
  playful: ['playful', 'teas', 'humor', 'humour', 'jok', 'funny', 'witty', 'lighthearted', 'light-hearted'],
  sarcastic: ['sarcas', 'ironic', 'irony'],
  angry: ['angr', 'annoy', 'irritat', 'stern', 'frustrat', 'furious'],
  anxious: ['anxi', 'nervous', 'worri', 'scared', 'afraid', 'tense', 'fright'],
  neutral: ['neutral', 'plain', 'flat', 'monoton', 'even-toned'],
} as const satisfies Readonly<Record<string, readonly string[]>>

const PACES = {
  slow: ['slow', 'unhurried', 'deliberate'],
  fast: ['fast', 'quick', 'brisk', 'rapid', 'hurr', 'urgent'],
} as const
const LOUDNESS = {
  whisper: ['whisper'],
  soft: ['soft', 'quiet', 'hush'],
  loud: ['loud', 'shout'],
} as const

/** Turn what follows round: "not too fast", "never loud". */
const NOT = new Set(['not', 'no', 'never', 'without', 'avoid', 'less', 'nor', 'hardly'])
/** … up to here: "not sad but calm". */
const AGAIN = /^(?:but|rather|instead|just|only|[.,;:!?])$/
const REACH = 3

/** Reads English words, of which the first counts; words that are turned round ("not too slow") count for nothing. */
export function readVoiceStyle(words: string): VoiceStyleWords {
  const said = plainly(words)
  const mood = first(said, MOODS)
  const pace = first(said, PACES)
  const loudness = first(said, LOUDNESS)
  return { ...(mood && { mood }), ...(pace && { pace }), ...(loudness && { loudness }) }
}

function plainly(words: string): readonly string[] {
  const all = words.toLowerCase().match(/[\p{L}][\p{L}’'-]*|[.,;:!?]/gu) ?? []
  return all.filter((_word, index) => {
    for (let back = 1; back <= REACH; back++) {
      const before = all[index - back]
      if (before === undefined || AGAIN.test(before)) return true
      if (NOT.has(before) || /n['’]t$/.test(before)) return false
    }
    return true
  })
}

function first<Name extends string>(
  words: readonly string[],
  names: Readonly<Record<Name, readonly string[]>>,
): Name | undefined {
  const all = Object.keys(names).filter((name): name is Name => Object.hasOwn(names, name))
  for (const word of words) {
    const found = all.find((name) => names[name].some((beginning) => word.startsWith(beginning)))
    if (found) return found
  }
  return undefined
}

/** The pace as a factor of the voice's own. */
export const paceFactor = ({ pace }: VoiceStyleWords): number => (pace === 'slow' ? 0.85 : pace === 'fast' ? 1.15 : 1)

export const within = (min: number, max: number, value: number): number =>
  Math.round(Math.min(max, Math.max(min, value)) * 100) / 100
