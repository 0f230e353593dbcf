import { rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { ModelMeasure } from '../../core/contract/models.ts'
import type { EngineAddress } from '../../core/contract/runtime.ts'
import type { ExtensionReport } from '../../core/extension/extension-report.ts'
import { createAskProvider, type AskProvider } from './ask-provider.ts'
import { createEngineSupervisor, type EngineKind } from './engine-supervisor.ts'
import { createOfflineSwitch, type OfflineSwitch } from './offline-switch.ts'
import { measureInProcess } from './measure-process.ts'
import type { ProcessState } from './process-state.ts'
import { runtimeEntry, type RuntimeEntry } from './runtime-entry.ts'
import { createSessionPools, type SessionPools } from './session-pools.ts'
import { makeSocketDir } from './socket-dir.ts'
import { createTryTool, type TryTool } from './try-tool.ts'
import { PROCESS_LIMITS, type ProcessLimits } from './supervised-process.ts'
import type { Worker, WorkerListener } from './worker-port.ts'
import { createWorkerSupervisor } from './worker-supervisor.ts'

/** Everything that runs beside the host. */
export type Runtime = Readonly<{
  sessions: SessionPools
  /** Outside of calls. */
  ask: AskProvider
  tryTool: TryTool
  /** Starts the engine when it does not run; `modelsDir` for `speech` and `llm`. */
  engine: (kind: EngineKind, modelsDir?: string) => Promise<EngineAddress>
  /** How fast and how good a local LLM is here. Rejects with the signal's reason when it is stopped. */
  measure: (kind: 'llm', modelsDir: string, model: string, signal?: AbortSignal) => Promise<Omit<ModelMeasure, 'at'>>
  /** The one worker of this host; asked for once. */
  worker: (listener: WorkerListener) => Worker
  processes: () => ProcessState[]
  /** Resolves when no process is left. */
  close: () => Promise<void>
}>

export type RuntimeOptions = Readonly<{
  log: Logger
  sessionsPerProcess: () => number
  /** Absent: connections may go anywhere. */
  offline?: OfflineSwitch
  /** A process came, went or changed. */
  onChange?: () => void
  onExtensions?: (report: ExtensionReport) => void
  /** For Node's compile cache; private to this user. */
  cacheDir?: string
  /** Other files to start, for tests. */
  entries?: Partial<Record<RuntimeEntry, string>>
  limits?: Partial<ProcessLimits>
}>

export function createRuntime({
  log,
  sessionsPerProcess,
  onChange,
  onExtensions,
  offline,
  cacheDir,
  entries,
  limits,
}: RuntimeOptions): Runtime {
  let folder: Promise<string> | undefined
  const shared = {
    log,
    cacheDir,
    offline: offline ?? createOfflineSwitch(false),
    limits: { ...PROCESS_LIMITS, ...limits },
    onChange: onChange ?? (() => undefined),
    socketDir: () => (folder ??= makeSocketDir(log)),
  }
  const entry = (name: RuntimeEntry) => entries?.[name] ?? runtimeEntry(name)
  const sessions = createSessionPools({ ...shared, entry: entry('session-process'), sessionsPerProcess, onExtensions })
  const engines = {
    speech: createEngineSupervisor({ ...shared, kind: 'speech', entry: entry('speech') }),
    espeak: createEngineSupervisor({ ...shared, kind: 'espeak', entry: entry('espeak') }),
    llm: createEngineSupervisor({ ...shared, kind: 'llm', entry: entry('llm') }),
  }
  let worker: Worker | undefined
  return {
    sessions,
    worker: (listener) => (worker ??= createWorkerSupervisor({ ...shared, entry: entry('worker'), listener })),
    ask: createAskProvider(sessions),
    tryTool: createTryTool(sessions),
    engine: (kind, modelsDir) => engines[kind].address(modelsDir),
    measure: (kind, models_dir, model, signal) => measureInProcess({ ...shared, entry: entry(kind), models_dir, model, signal }),
    processes: () => [
      ...sessions.processes(),
      ...(worker?.processes() ?? []),
      ...Object.values(engines).flatMap((engine) => engine.processes()),
    ],
    async close() {
      await Promise.all([worker?.close(), sessions.close(), ...Object.values(engines).map((engine) => engine.close())])
      if (folder) await rm(await folder, { recursive: true, force: true })
    },
  }
}
