import type { AgentDocument } from '../../core/agent/document.ts'
import type { EngineAddress, Engines } from '../../core/contract/runtime.ts'
import type { EngineClient } from '../engines/engine-client.ts'
import type { CallerAudio } from './caller-audio.ts'
import type { Script } from './rehearsal/script.ts'

/** What lasts as long as the call. */
export type ProviderContext = Readonly<{
  /** Seeds everything that is random in rehearsal. */
  seed: number
  /** What the rehearsal STT will have heard. */
  script: Script
  /** One client for each engine, however often the configuration changes. */
  engine: (address: EngineAddress) => EngineClient
  /** Tells the caller something once per call. */
  notice: (text: string, level: 'info' | 'warning') => void
  /** Absent outside of calls. */
  callerAudio?: CallerAudio
}>

/** What one revision of the document adds: all that a provider may read. */
export type ProviderScope = ProviderContext &
  Readonly<{
    document: AgentDocument
    /** Reference → value; only those that the document names. */
    secrets: Readonly<Record<string, string>>
    engines: Engines
  }>
