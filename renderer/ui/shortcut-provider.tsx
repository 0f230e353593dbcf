import { useEffect, useState, type ReactNode } from 'react'
import { createShortcutRegistry, isMac, ShortcutContext } from './shortcuts.ts'

export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => createShortcutRegistry(isMac()))
  useEffect(() => {
    const listener = (event: KeyboardEvent) => void registry.handle(event)
    // In the capture phase: the editor has its own meaning for Ctrl+K and Ctrl+Enter.
    window.addEventListener('keydown', listener, { capture: true })
    return () => window.removeEventListener('keydown', listener, { capture: true })
  }, [registry])
  return <ShortcutContext value={registry}>{children}</ShortcutContext>
}
