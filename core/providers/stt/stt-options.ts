import type { Price } from '../price.ts'
import type { ProviderOption } from '../provider.ts'

export const modelOption = (first: string, any = true): ProviderOption => ({
  key: 'model',
  label: 'Model',
  type: 'model',
  default: first,
  any,
  help: any ? 'Any name that the server knows.' : 'What is in the models folder.',
})

export const languageOption: ProviderOption = {
  key: 'language',
  label: 'Language',
  type: 'text',
  default: 'en',
  placeholder: 'en',
  help: 'What callers speak, as a short code: en, de, es.',
}

export const keytermsOption: ProviderOption = {
  key: 'keyterms',
  label: 'Words to listen for',
  type: 'text',
  placeholder: 'Greenroom, Siobhan, RX-7',
  advanced: true,
  help: 'Names and terms that callers say, separated by commas.',
}

/** How long somebody who has finished speaking waits for an answer that does not come. */
export const patienceOption = (first: number): ProviderOption => ({
  key: 'timeout_ms',
  label: 'Patience',
  type: 'int',
  min: 500,
  max: 60_000,
  step: 500,
  default: first,
  unit: 'ms',
  advanced: true,
  help: 'How long the last words of an utterance are waited for.',
})

/** Streaming: most of the work is done when the caller stops. */
export const STREAM_PATIENCE_MS = 5000
export const UTTERANCE_PATIENCE_MS = 20_000

export const perMinute =
  (as_of: string, source: string) =>
  (usd: number): Price => ({ per: 'minute', usd, as_of, source })

/** Whisper was trained on these; the last ones are heard less well. */
export const WHISPER_LANGUAGES: readonly string[] =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la cy sk te fa lv bn sr sl'.split(
    ' ',
  )
