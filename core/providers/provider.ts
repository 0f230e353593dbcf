import type { JsonObject } from '../json.ts'
import type { Price } from './price.ts'

export type ProviderKind = 'stt' | 'llm' | 'tts'

/** One input of a form. `key` is the key in the kind's block of the document (`tts_config.speed` → `speed`). */
export type ProviderOption = Readonly<
  { key: string; label: string; help: string; advanced?: boolean } & (
    | { type: 'text' | 'url'; default?: string; placeholder?: string }
    /** A secret reference, never a key. */
    | { type: 'secret'; default?: string; placeholder?: string }
    /** One of the provider's models; any other name may be typed when `any` is true. */
    | { type: 'model'; default?: string; any: boolean }
    | { type: 'choice'; default?: string; any?: boolean; choices: readonly Choice[] }
    | { type: 'int' | 'float'; min: number; max: number; step: number; default?: number; unit?: string }
    | { type: 'bool'; default?: boolean }
  )
>
export type Choice = Readonly<{ value: string; label: string; help?: string }>

export type StructuredOutput = 'json_schema' | 'json_object' | 'prompt'
/** How the voice-style field reaches a TTS: not at all, as it stands, or as the nearest of the styles that it knows. */
export type VoiceStyle = 'none' | 'instructions' | 'enum-map'

/** What is said of one model where it differs from its provider, or is not known of the provider as a whole. */
export type ProviderModel = Readonly<{
  id: string
  label: string
  help: string
  price?: Price
  /** LLM: what it can read at once, tokens. */
  context_tokens?: number
  /** LLM: the ways of structured output that it follows, best first. */
  structured_output?: readonly StructuredOutput[]
  /** LLM: settings that it refuses, so that they are not sent. */
  refuses?: readonly 'temperature'[]
  /** LLM: what goes with every request, in its protocol's own words, so that it answers at once instead of thinking first. */
  at_once?: JsonObject
  /** STT: hears while the caller speaks. */
  streaming?: boolean
  /** TTS. */
  voice_style?: VoiceStyle
  /** ISO 639-1 codes. */
  languages?: readonly string[]
  /** Audio that it takes or makes, Hz. */
  sample_rates?: readonly number[]
}>

/** A secret that a provider needs: the key in its block of the document, and the reference that is tried when the document names none. */
export type NeededSecret = Readonly<{ key: 'api_key' | 'api_secret'; reference: string }>

/** What has to be there before it can answer. */
export type ProviderNeeds =
  | Readonly<{ kind: 'nothing' }>
  /** Models on this machine: fetched once, then offline. */
  | Readonly<{ kind: 'models'; set_id: string }>
  /** Keys; `only_for` says for which addresses, when not for all; `sites`: more domains that are the provider's own. */
  | Readonly<{ kind: 'secret'; secrets: readonly NeededSecret[]; only_for?: 'remote addresses'; sites?: readonly string[] }>

/** Where the provider lists its models: `GET base_url + path`, `{ [list]: [{ [id]: "name" }] }`. */
export type ModelsEndpoint = Readonly<{
  path: string
  /** How the key is sent. */
  auth: 'bearer' | 'x-api-key' | 'x-goog-api-key' | 'api-key' | 'xi-api-key' | 'token' | 'none'
  headers?: Readonly<Record<string, string>>
  /** Where the array stands in the answer; '' when the answer is the array. */
  list: string
  /** Where the model's name stands in an item. */
  id: string
  /** Taken off the front of each name (`models/`). */
  strip?: string
}>

type ProviderBase<Id extends string> = Readonly<{
  id: Id
  name: string
  /** By which other systems know it, such as `groq.com`; found by `findProvider` like the id. */
  aliases: readonly string[]
  /** One honest line: what it is, and what it is not. */
  description: string
  /** Whether a model understands or makes what passes through it. */
  is_ai: boolean
  /** Whether anything leaves this machine. */
  network: 'never' | 'to its address'
  /** The address that is used when the document names none; absent for what runs here. */
  base_url?: string
  needs: ProviderNeeds
  documentation: string
  models: readonly ProviderModel[]
  models_endpoint?: ModelsEndpoint
  options: readonly ProviderOption[]
}>

export type SttProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{
    kind: 'stt'
    /** `streaming`: hears while the caller speaks; `interim`: shows words before they are final. */
    capabilities: Readonly<{ streaming: boolean; interim: boolean; languages: 'many' | 'en' | 'any' }>
  }>

export type LlmProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{
    kind: 'llm'
    capabilities: Readonly<{ streaming: boolean; structured_output: readonly StructuredOutput[] }>
  }>

export type TtsProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{
    kind: 'tts'
    voices: readonly Choice[]
    capabilities: Readonly<{
      /** Audio comes while it is being made. */
      streaming: boolean
      /** Of the provider as a whole; a model's own `voice_style` comes before it. */
      voice_style: VoiceStyle
    }>
  }>

export type Provider = SttProvider | LlmProvider | TtsProvider
