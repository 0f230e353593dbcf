import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from 'react'
import type { Settings } from '../../core/contract/index.ts'
import { useStudio } from './studio-context.tsx'

/** Any JSON. */
export type UiValue = Settings['ui'][string]
type SettingsValue = Readonly<{ settings: Settings; change: (part: Partial<Settings>) => Promise<void> }>
const SettingsContext = createContext<SettingsValue | undefined>(undefined)

/** Settings live with the host, so that every window and the desktop shell share them; here they change at once and are sent after. */
export function SettingsProvider({ initial, children }: { initial: Settings; children: ReactNode }) {
  const studio = useStudio()
  const [settings, setSettings] = useState(initial)
  useEffect(() => studio.onEvent((event) => event.type === 'setting.changed' && setSettings(event.settings)), [studio])
  const change = useCallback(
    async (part: Partial<Settings>) => {
      setSettings((before) => ({ ...before, ...part, ui: { ...before.ui, ...part.ui } }))
      await studio.call('setting.set', part)
    },
    [studio],
  )
  return <SettingsContext value={{ settings, change }}>{children}</SettingsContext>
}

export function useSettings(): SettingsValue {
  const value = useContext(SettingsContext)
  if (!value) throw new Error('useSettings outside SettingsProvider')
  return value
}

/** A piece of layout or choice that must last: `useUiState('call.dock', 'events', isDock)`; what does not pass `is` counts as absent. */
export function useUiState<Value extends UiValue>(
  key: string,
  fallback: Value,
  is: (value: UiValue) => value is Value,
): [Value, (value: Value) => void] {
  const { settings, change } = useSettings()
  const kept = settings.ui[key]
  const set = useCallback(
    // Layout is not worth an error message: it applies in this window either way.
    (value: Value) => void change({ ui: { [key]: value } }).catch(() => undefined),
    [change, key],
  )
  return [kept !== undefined && is(kept) ? kept : fallback, set]
}
