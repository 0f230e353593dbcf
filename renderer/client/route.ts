import { useSyncExternalStore } from 'react'
import { formatRoute, parseRoute, type Route } from './address.ts'

export const navigate = (route: Route, how: 'push' | 'replace' = 'push'): void => {
  const hash = formatRoute(route)
  if (hash === window.location.hash) return
  if (how === 'push') window.location.hash = hash
  else window.location.replace(hash)
}

const subscribe = (listener: () => void) => {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => window.location.hash))
}
