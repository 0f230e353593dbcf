import { join } from 'node:path'
import type { Settings } from '../../core/contract/settings.ts'
import { createOfflineSwitch, type OfflineSwitch } from '../runtime/offline-switch.ts'
import { readSettings } from '../settings/setting-handlers.ts'
import type { Base } from './base.ts'

/** The settings as they are now. */
export type SettingsNow = Readonly<{
  now: () => Settings
  offline: OfflineSwitch
  /** Folder of the built-in models. */
  modelsDir: () => string
}>

/** First among those who hear of events, so that whoever hears of a change reads it as changed. `models_dir`: above the setting. */
export async function followSettings(
  { store, own, data_dir, onEvent }: Base,
  { models_dir }: Readonly<{ models_dir?: string | undefined }>,
): Promise<SettingsNow> {
  let settings = await readSettings(store, own)
  const offline = createOfflineSwitch(settings.offline)
  onEvent((event) => {
    if (event.type !== 'setting.changed') return
    settings = event.settings
    offline.set(settings.offline)
  })
  return { now: () => settings, offline, modelsDir: () => models_dir ?? settings.models_dir ?? join(data_dir, 'models') }
}
