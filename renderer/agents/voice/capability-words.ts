import type { Provider, ProviderModel, StructuredOutput, VoiceStyle } from '../../../core/providers/index.ts'
import { languageName } from '../../ui/language-name.ts'

export const STRUCTURED_WORDS: Readonly<Record<StructuredOutput, string>> = {
  json_schema: 'JSON Schema',
  json_object: 'JSON object',
  prompt: 'prompt only',
}

const STYLE_WORDS: Readonly<Record<VoiceStyle, string>> = {
  none: 'no voice style',
  instructions: 'voice style as instructions',
  'enum-map': 'voice style from its own list',
}

const STYLE_MEANING: Readonly<Record<VoiceStyle, string>> = {
  none: 'It cannot be told how to sound: the voice-style field is written, and has no effect.',
  instructions: 'The voice-style field is sent as it stands, for each turn.',
  'enum-map': 'The voice-style field is mapped to the nearest of the styles that it knows, for each turn.',
}

/** What a provider can do, in few words each; what is known of the model comes before what is said of its provider. */
export function capabilityWords(provider: Provider, model?: ProviderModel): readonly string[] {
  const streams = (model?.streaming ?? provider.capabilities.streaming) ? ['streams'] : []
  switch (provider.kind) {
    case 'stt':
      return [...streams, ...(provider.capabilities.interim ? ['interim words'] : []), languageWords(provider, model)].filter(
        Boolean,
      )
    case 'llm':
      return [...streams, STRUCTURED_WORDS[bestStructured(model?.structured_output ?? provider.capabilities.structured_output)]]
    case 'tts':
      return [...streams, STYLE_WORDS[model?.voice_style ?? provider.capabilities.voice_style]]
  }
}

const bestStructured = (ways: readonly StructuredOutput[]): StructuredOutput => ways[0] ?? 'prompt'

function languageWords(provider: Provider, model: ProviderModel | undefined): string {
  if (model?.languages?.length) return listOfLanguages(model.languages)
  if (provider.kind !== 'stt') return ''
  return { many: 'many languages', en: 'English only', any: '' }[provider.capabilities.languages]
}

const SHOWN = 2
const LISTED = 8

const listOfLanguages = (codes: readonly string[], most = SHOWN): string => {
  const names = codes.slice(0, most).map(languageName)
  return codes.length > most ? `${names.join(', ')} and ${codes.length - most} more` : names.join(', ')
}

export type ModelNote = Readonly<{ label: string; text: string }>

const tokens = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

/** What is worth knowing of one model before a call is made with it. */
export function modelNotes(provider: Provider, model: ProviderModel | undefined): readonly ModelNote[] {
  const notes: ModelNote[] = []
  const add = (label: string, text: string | undefined) => text && notes.push({ label, text })
  if (provider.kind === 'llm') {
    const ways = model?.structured_output ?? provider.capabilities.structured_output
    add('Structured output', ways.map((way) => STRUCTURED_WORDS[way]).join(', then '))
    if (model?.context_tokens) add('Reads at once', `${tokens.format(model.context_tokens)} tokens`)
    if (model?.refuses?.includes('temperature')) add('Temperature', 'It takes none, so none is sent.')
  }
  if (provider.kind === 'tts') add('Voice style', STYLE_MEANING[model?.voice_style ?? provider.capabilities.voice_style])
  if (provider.kind !== 'llm') {
    add('Languages', model?.languages?.length ? listOfLanguages(model.languages, LISTED) : languageWords(provider, model))
    if (model?.sample_rates?.length) add('Audio', model.sample_rates.map((rate) => `${rate / 1000} kHz`).join(', '))
  }
  return notes
}
