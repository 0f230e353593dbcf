import type { StudioEvent } from '../core/contract/events.ts'
import type { Emit } from './handler.ts'

/** What happens in the host, told to whoever listens, in order. */
export type Events = Readonly<{ emit: Emit; onEvent: (listener: (event: StudioEvent) => void) => () => void }>

export function createEvents(): Events {
  const listeners = new Set<(event: StudioEvent) => void>()
  return {
    emit: (event) => {
      for (const listener of [...listeners]) listener(event)
    },
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
