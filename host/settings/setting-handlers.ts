import type { Json } from '../../core/json.ts'
import { Settings } from '../../core/contract/settings.ts'
import type { Caller } from '../../core/contract/caller.ts'
import type { OutputOf, ParsedInputOf } from '../../core/contract/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'

type SystemInfo = OutputOf<'system.info'>

export type SettingDeps = Readonly<{
  store: Store
  emit: Emit
  /** What does not change while the host runs. */
  system: Omit<SystemInfo, 'processes'>
  processes: () => SystemInfo['processes']
}>

/** Each key under `ui` is a row of its own, so that two windows that keep different things never overwrite each other. */
const UI = 'ui:'

export const settingHandlers = (deps: SettingDeps): HandlersOf<'setting.get' | 'setting.set' | 'system.info'> => ({
  'setting.get': (_, { caller }) => readSettings(deps.store, caller),
  'setting.set': async (input, { caller }) => {
    const values = rowsOf(input)
    const named = Object.keys(values).filter((key) => !key.startsWith(UI))
    const audit = named.length > 0 ? { action: 'setting.set', subject: 'settings', detail: { keys: named } } : null
    await deps.store.commit(caller, [{ kind: 'setting.set', values }], audit)
    const settings = await readSettings(deps.store, caller)
    deps.emit({ type: 'setting.changed', settings })
    return settings
  },
  'system.info': async () => ({ ...deps.system, processes: deps.processes() }),
})

/** What is set, and defaults for the rest; a value that this build does not take falls back to its default. */
export async function readSettings(store: Store, { tenant_id, user_id }: TenantScope | Caller): Promise<Settings> {
  const rows = Object.entries(await store.settings.all({ tenant_id, user_id }))
  const ui = Object.fromEntries(rows.flatMap(([key, value]) => (key.startsWith(UI) ? [[key.slice(UI.length), value]] : [])))
  const own = rows.filter(([key, value]) => !key.startsWith(UI) && Settings.safeParse({ [key]: value }).success)
  return Settings.parse({ ...Object.fromEntries(own), ui })
}

/** Null removes a row; an empty folder means none. */
function rowsOf({ ui = {}, ...settings }: ParsedInputOf<'setting.set'>): Record<string, Json> {
  const rows: Record<string, Json> = {}
  for (const [key, value] of Object.entries(settings)) if (value !== undefined) rows[key] = value === '' ? null : value
  for (const [key, value] of Object.entries(ui)) rows[UI + key] = value
  return rows
}
