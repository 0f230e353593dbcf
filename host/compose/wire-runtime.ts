import { join } from 'node:path'
import { installedModels } from '../models/installed-models.ts'
import type { LocalModels } from '../runtime/local-model.ts'
import type { SecretsFor } from '../runtime/present-secrets.ts'
import { createRuntime, type Runtime } from '../runtime/runtime.ts'
import type { Base } from './base.ts'
import type { SettingsNow } from './follow-settings.ts'
import { createTenantReach, type TenantReach } from './tenant-reach.ts'

/** What it takes to ask models and tools, in calls and outside of them. */
export type Asking = Readonly<{
  runtime: Runtime
  secretsFor: SecretsFor
  localModels: () => LocalModels
  offline: () => boolean
  reach: TenantReach
}>

/** The processes beside the host. `sessions_per_process`: above the setting. */
export function wireRuntime(
  { data_dir, store, log, emit, secretsFor, extensions, closing }: Base,
  settings: SettingsNow,
  { sessions_per_process }: Readonly<{ sessions_per_process?: number | undefined }>,
): Asking {
  const { offline, modelsDir } = settings
  const runtime = createRuntime({
    log,
    offline,
    sessionsPerProcess: () => sessions_per_process ?? settings.now().sessions_per_process,
    onChange: () => emit({ type: 'processes.changed' }),
    onExtensions: (report) => {
      extensions.told(report)
      emit({ type: 'processes.changed' })
    },
    cacheDir: process.env['NODE_COMPILE_CACHE'] ?? join(data_dir, 'cache'),
  })
  closing.add(runtime.close)
  return {
    runtime,
    secretsFor,
    localModels: () => ({ dir: modelsDir(), models: installedModels(modelsDir()) }),
    offline: offline.isOn,
    reach: createTenantReach(store),
  }
}
