export * from './find-provider.ts'
export { llmProviders, type LlmProviderId } from './llm.ts'
export { OPENAI_BASE_URL, OPENAI_KEY } from './openai-options.ts'
export type {
  Choice,
  LlmProvider,
  Provider,
  ProviderKind,
  ProviderModel,
  ProviderNeeds,
  ProviderOption,
  SttProvider,
  TtsProvider,
} from './provider.ts'
export { DEFAULT_PRESET, rehearsalPreset, rehearsalPresets, type RehearsalPreset } from './rehearsal-presets.ts'
export { sttProviders, type SttProviderId } from './stt.ts'
export { ttsProviders, type TtsProviderId } from './tts.ts'
