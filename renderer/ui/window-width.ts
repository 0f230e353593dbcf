import { useSyncExternalStore } from 'react'

const subscribe = (listener: () => void) => {
  window.addEventListener('resize', listener)
  return () => window.removeEventListener('resize', listener)
}

/** In CSS pixels; known from the first render, so that nothing is drawn twice. */
export const useWindowWidth = (): number => useSyncExternalStore(subscribe, () => window.innerWidth)
