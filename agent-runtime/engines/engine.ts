import type { EngineReply, EngineRequest } from '../../core/contract/engine.ts'
import type { ModelMeasure } from '../../core/contract/models.ts'
import type { SpeechChunk } from './engine-client.ts'
import type { Hearing } from './sherpa-streaming.ts'

export type GenerateRequest = Omit<Extract<EngineRequest, { type: 'generate' }>, 'type' | 'id'>
/** What is written as it is written, then what it took. */
export type Generated = Readonly<{ text: string } | { usage: GenerateUsage }>
export type GenerateUsage = Omit<Extract<EngineReply, { type: 'done' }>, 'type' | 'id'>

/** What an engine process can do. All throw an Error whose text is fit for the call panel. */
export type Engine = Readonly<{
  /** `pcm`: 16 kHz mono, any length. */
  transcribe: (
    pcm: Int16Array,
    options: { language: string; model: string; interim?: boolean | undefined },
    signal: AbortSignal,
  ) => Promise<string>
  /** Yields sentence by sentence; nothing when the text holds no words. */
  synthesize: (
    text: string,
    options: { model: string; voice: string; speed: number },
    signal: AbortSignal,
  ) => AsyncIterable<SpeechChunk>
  /** Models that hear while somebody speaks, which `listen` takes. */
  streaming?: () => Promise<readonly string[]>
  listen?: (options: { language: string; model: string }, onInterim: (text: string) => void) => Promise<Hearing>
  /** Ends early, and quietly, when the signal says so. */
  generate?: (request: GenerateRequest, signal: AbortSignal) => AsyncIterable<Generated>
}>

/** Measures one model in a process that does nothing else. */
export type MeasureModel = (models_dir: string, model: string) => Promise<Omit<ModelMeasure, 'at'>>
