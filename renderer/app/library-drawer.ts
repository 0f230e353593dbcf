import { createStore } from 'zustand/vanilla'
import { createContext, useContext, useMemo } from 'react'
import { useStore } from 'zustand'

/** Whether the folded library is pulled out; asked for by the rail, shown by the screen. */
export const createLibraryDrawer = () => createStore<{ opened: boolean }>(() => ({ opened: false }))

export const LibraryDrawerContext = createContext<ReturnType<typeof createLibraryDrawer> | undefined>(undefined)

export function useLibraryDrawer() {
  const store = useContext(LibraryDrawerContext)
  if (!store) throw new Error('useLibraryDrawer outside the studio')
  const { opened } = useStore(store)
  return useMemo(
    () => ({ opened, open: () => store.setState({ opened: true }), close: () => store.setState({ opened: false }) }),
    [store, opened],
  )
}
