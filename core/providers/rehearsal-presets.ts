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
