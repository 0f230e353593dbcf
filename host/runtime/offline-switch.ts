import { channel } from 'node:diagnostics_channel'
import { OFFLINE_CHANNEL } from './network-guard.ts'

/** Whether connections beyond this machine are refused: one truth for the host and all its processes. */
export type OfflineSwitch = Readonly<{
  isOn: () => boolean
  set: (on: boolean) => void
  /** Returns how to stop listening. */
  onChange: (listener: (on: boolean) => void) => () => void
}>

export function createOfflineSwitch(first: boolean): OfflineSwitch {
  const listeners = new Set<(on: boolean) => void>()
  let on = first
  const tellGuard = () => channel(OFFLINE_CHANNEL).publish({ on })
  tellGuard()
  return {
    isOn: () => on,
    set(next) {
      if (next === on) return
      on = next
      tellGuard()
      for (const listener of listeners) listener(on)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
