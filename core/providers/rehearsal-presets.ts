/** How fast a well-known model answers, so that rehearsal can keep its pace. */
export type RehearsalPreset = Readonly<{
  id: string
  name: string
  /** Published: first answer token, ms. */
  first_token_p50_ms: number
  first_token_p95_ms: number
  /** Where the two figures stand. Absent for presets of our own. */
  source?: string
  /** Ours, to give a feeling for it; nobody published it beside those figures. */
  illustrative_tokens_per_second: number
}>

const SOURCE = 'https://github.com/kwindla/aiewf-eval'

const preset = (
  id: string,
  name: string,
  [first_token_p50_ms, first_token_p95_ms]: readonly [number, number],
  illustrative_tokens_per_second: number,
): RehearsalPreset => ({ id, name, first_token_p50_ms, first_token_p95_ms, source: SOURCE, illustrative_tokens_per_second })

const INSTANT: RehearsalPreset = {
  id: 'instant',
  name: 'No delay',
  first_token_p50_ms: 0,
  first_token_p95_ms: 0,
  illustrative_tokens_per_second: 2000,
}

/** First-token figures as published in 2026; tokens per second are illustrative. */
export const rehearsalPresets: readonly RehearsalPreset[] = [
  preset('gpt-oss-120b-groq', 'gpt-oss-120b on Groq', [98, 217], 400),
  preset('gemma-4-31b', 'Gemma 4 31B', [489, 609], 60),
  preset('gpt-4.1', 'GPT-4.1', [536, 1771], 80),
  preset('gpt-4o', 'GPT-4o', [546, 1369], 80),
  preset('gemini-2.5-flash', 'Gemini 2.5 Flash', [550, 850], 180),
  preset('haiku-4.5', 'Claude Haiku 4.5', [637, 1615], 120),
  INSTANT,
]

export const DEFAULT_PRESET = 'gpt-4o'

/** The preset by its id; the default one for a name that is none. */
export const rehearsalPreset = (id: string | undefined): RehearsalPreset =>
  rehearsalPresets.find((one) => one.id === id) ?? rehearsalPresets.find((one) => one.id === DEFAULT_PRESET) ?? INSTANT

/** How long an STT takes from the end of speech to its transcript, or a TTS to its first sound. */
export type SpeechPreset = Readonly<{
  id: string
  name: string
  p50_ms: number
  p95_ms: number
  /** Where the figures stand. Absent for presets of our own. */
  source?: string
  /** Published is how wide the middle half is; the 95th percentile is worked out from it. */
  p95_illustrative?: boolean
}>

const STT_SOURCE = 'https://github.com/pipecat-ai/stt-benchmark'
const sttPreset = (id: string, name: string, p50_ms: number, p95_ms: number): SpeechPreset => ({
  id,
  name,
  p50_ms,
  p95_ms,
  source: STT_SOURCE,
})
const NO_DELAY: SpeechPreset = { id: 'instant', name: 'No delay', p50_ms: 0, p95_ms: 0 }

/** From the end of speech to the final transcript, 1000 clips, as published in 2026. */
export const sttPresets: readonly [SpeechPreset, ...SpeechPreset[]] = [
  NO_DELAY,
  sttPreset('nemotron', 'NVIDIA Nemotron', 221, 238),
  sttPreset('deepgram-nova-3', 'Deepgram nova-3', 247, 298),
  sttPreset('soniox-v4', 'Soniox v4', 249, 281),
  sttPreset('elevenlabs-scribe', 'ElevenLabs', 281, 348),
  sttPreset('openai-transcribe', 'OpenAI', 637, 965),
  sttPreset('google', 'Google', 878, 1155),
]

/** Measured by an independent benchmark (Coval, 2026-05-04), median and middle half, as this page reports it. */
const TTS_SOURCE = 'https://gradium.ai/content/tts-latency-benchmark-2026'
const ttsPreset = (id: string, name: string, p50_ms: number, middle_half_ms: number): SpeechPreset => ({
  id,
  name,
  p50_ms,
  p95_ms: Math.round(p95From(p50_ms, middle_half_ms)),
  source: TTS_SOURCE,
  p95_illustrative: true,
})

/** Of the log-normal distribution with this median and this distance between its quartiles. */
function p95From(p50: number, middle_half: number): number {
  const sigma = Math.asinh(middle_half / (2 * p50)) / 0.674_49
  return p50 * Math.exp(1.644_854 * sigma)
}

/** From the request to the first sound. */
export const ttsPresets: readonly [SpeechPreset, ...SpeechPreset[]] = [
  NO_DELAY,
  ttsPreset('gradium', 'Gradium', 155, 2),
  ttsPreset('cartesia-sonic-3', 'Cartesia Sonic-3', 188, 100),
  ttsPreset('elevenlabs-turbo-v2.5', 'ElevenLabs Turbo v2.5', 264, 28),
  ttsPreset('elevenlabs-flash-v2.5', 'ElevenLabs Flash v2.5', 288, 28),
  ttsPreset('deepgram-aura-2', 'Deepgram Aura-2', 313, 68),
]

/** The preset by its id; no delay for a name that is none. */
export const speechPreset = (presets: readonly SpeechPreset[], id: string | undefined): SpeechPreset =>
  presets.find((one) => one.id === id) ?? NO_DELAY

/** What a picker says of it. */
export const speechPresetHelp = ({ p50_ms, p95_ms, source, p95_illustrative }: SpeechPreset, what: string): string =>
  source === undefined ? 'At once' : `${what} ${p50_ms} ms (p95 ${p95_ms}${p95_illustrative ? ', illustrative' : ''})`
