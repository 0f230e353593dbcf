import { StudioError } from '../../../core/contract/errors.ts'
import type { ProviderScope } from '../../providers/provider-context.ts'
import { concatenated, resampled } from './pcm.ts'
import type { SpokenChunk } from '../../providers/tts/voice.ts'

/** Everyday words without names, so that an STT cannot be excused for one. */
const SENTENCES: Readonly<Record<string, string>> = {
  en: 'Good morning, I would like to book a table for four people on Friday evening.',
  de: 'Guten Morgen, ich möchte für Freitag Abend einen Tisch für vier Personen bestellen.',
  es: 'Buenos días, quisiera reservar una mesa para cuatro personas el viernes por la noche.',
  fr: 'Bonjour, je voudrais réserver une table pour quatre personnes vendredi soir.',
  it: 'Buongiorno, vorrei prenotare un tavolo per quattro persone venerdì sera.',
  pt: 'Bom dia, gostaria de reservar uma mesa para quatro pessoas na sexta à noite.',
}
const ENGLISH = SENTENCES['en'] ?? ''

export type Sample = Readonly<{ language: string; text: string }>

/** A sentence in the language asked for, or in English. */
export function sampleFor(language: string | undefined): Sample {
  const short = language?.split('-')[0]?.toLowerCase() ?? 'en'
  const text = SENTENCES[short]
  return text === undefined ? { language: 'en', text: ENGLISH } : { language: short, text }
}

/** The sentence spoken by a voice of this machine: the built-in one where there is one, else espeak-ng. */
export async function speakSample({ engines, engine }: ProviderScope, sample: Sample, sample_rate: number, signal: AbortSignal) {
  const { builtin, espeak } = engines
  if (builtin && sample.language === 'en') {
    const spoken = await collect(engine(builtin).synthesize(sample.text, { voice: '', speed: 1, signal })).catch(() => undefined)
    signal.throwIfAborted()
    if (spoken && spoken.pcm.length > 0) return resampled(spoken.pcm, spoken.sample_rate, sample_rate)
  }
  if (!espeak) throw noVoice()
  const voice = sample.language === 'en' ? 'en-us' : sample.language
  const spoken = await collect(engine(espeak).synthesize(sample.text, { voice, speed: 1, signal }))
  return resampled(spoken.pcm, spoken.sample_rate, sample_rate)
}

async function collect(chunks: AsyncIterable<SpokenChunk>): Promise<SpokenChunk> {
  const all: SpokenChunk[] = []
  for await (const chunk of chunks) all.push(chunk)
  return concatenated(all)
}

const noVoice = (): StudioError =>
  new StudioError(
    'unavailable',
    'There is no voice on this machine to say the sample with.',
    'Get the built-in speech in Models & keys, and check again.',
  )
