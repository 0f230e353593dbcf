import { useCallback, useSyncExternalStore } from 'react'
import type { StoreApi } from 'zustand/vanilla'

const nothing = () => undefined

/** The state of a store that may not be there yet. */
export function useOptionalStore<State>(store: StoreApi<State> | undefined): State | undefined {
  const subscribe = useCallback((listener: () => void) => store?.subscribe(listener) ?? nothing, [store])
  return useSyncExternalStore(subscribe, () => store?.getState())
}
