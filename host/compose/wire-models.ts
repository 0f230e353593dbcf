import { modelHandlers } from '../models/model-handlers.ts'
import { providerHandlers } from '../providers/provider-handlers.ts'
import { secretHandlers } from '../secrets/secret-handlers.ts'
import { toolHandlers } from '../tools/tool-handlers.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import type { Asking } from './wire-runtime.ts'

export type ModelWiring = Readonly<{
  settings: SettingsNow
  asking: Asking
  /** `kind:model_id` of each built-in model that a running call needs; `kind:` where it may be any. */
  usedModels: () => readonly string[]
}>

/** Models on this machine, providers with their keys, and tools: what agents think, hear, speak and act with. */
export function wireModels({ store, secrets, emit, log, clock }: Base, { settings, asking, usedModels }: ModelWiring) {
  return {
    ...modelHandlers({
      modelsDir: settings.modelsDir,
      log,
      emit,
      runtime: asking.runtime,
      sources: () => settings.now().model_sources,
      offline: settings.offline.isOn,
      isInUse: ({ kind, model_id }) => usedModels().some((used) => used === `${kind}:` || used === `${kind}:${model_id}`),
    }),
    ...providerHandlers({ ...asking, ...asking.reach, store, emit, clock }),
    ...secretHandlers({ secretsOf: secrets.of, store, emit, ...(secrets.rotate && { rotate: secrets.rotate }) }),
    ...toolHandlers({ ...asking, ...asking.reach, store }),
  }
}
