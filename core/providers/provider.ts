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

export type ProviderModel = Readonly<{ id: string; label: string; help: string; price?: TokenPrice }>

/** US dollars for a million tokens at the provider's own address; another server behind the same protocol has its own. */
export type TokenPrice = Readonly<{
  input_usd: number
  cached_input_usd: number
  output_usd: number
  /** The month in which it was looked up, and where it can be checked. */
  as_of: string
  source: string
}>

/** What has to be there before it can answer. */
export type ProviderNeeds =
  | Readonly<{ kind: 'nothing' }>
  /** The built-in set: fetched once, then offline. */
  | Readonly<{ kind: 'models'; set_id: string }>
  /** A key; `only_for` says for which addresses. */
  | Readonly<{ kind: 'secret'; reference: string; only_for: 'remote addresses' }>

type ProviderBase<Id extends string> = Readonly<{
  id: Id
  name: string
  /** One honest line: what it is, and what it is not. */
  description: string
  /** Whether a model understands or makes what passes through it. */
  is_ai: boolean
  /** Whether anything leaves this machine. */
  network: 'never' | 'to its address'
  needs: ProviderNeeds
  documentation: string
  models: readonly ProviderModel[]
  options: readonly ProviderOption[]
}>

export type SttProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{ kind: 'stt'; capabilities: Readonly<{ streaming: boolean; interim: boolean; languages: 'many' | 'en' | 'any' }> }>

export type LlmProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{
    kind: 'llm'
    capabilities: Readonly<{ streaming: boolean; structured_output: readonly ('json_schema' | 'json_object' | 'prompt')[] }>
  }>

export type TtsProvider<Id extends string = string> = ProviderBase<Id> &
  Readonly<{
    kind: 'tts'
    voices: readonly Choice[]
    capabilities: Readonly<{
      /** Audio comes while it is being made. */
      streaming: boolean
      /** Whether the voice-style field is used: as it stands, or not at all. */
      voice_instructions: 'none' | 'instructions'
      /** The models that use it, when not all do. */
      instruction_models?: readonly string[]
    }>
  }>

export type Provider = SttProvider | LlmProvider | TtsProvider
