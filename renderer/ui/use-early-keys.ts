import { useContext, useEffect } from 'react'
import { ShortcutContext, type Shortcut, type ShortcutRegistry } from './shortcuts.ts'

const LOOK_EVERY_MS = 30
const GIVE_UP_AFTER_MS = 5_000

/** Shortcuts of a part whose code is still on its way: pressed too early, they are carried out as soon as it is there. */
export function useEarlyKeys(keys: string): void {
  const registry = useContext(ShortcutContext)
  useEffect(() => {
    if (!registry) return
    const offs = keys.split(' ').map((each) => addEarly(registry, each))
    return () => offs.forEach((off) => off())
  }, [registry, keys])
}

export function addEarly(registry: ShortcutRegistry, keys: string): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const early: Shortcut = {
    keys,
    description: '',
    handler: () => {
      const until = Date.now() + GIVE_UP_AFTER_MS
      const look = () => {
        const real = registry.list().find((other) => other.keys === keys && other !== early)
        if (!real && Date.now() < until) return
        clearInterval(timer)
        real?.handler()
      }
      clearInterval(timer)
      timer = setInterval(look, LOOK_EVERY_MS)
      look()
    },
  }
  const off = registry.add(early)
  return () => {
    clearInterval(timer)
    off()
  }
}
