import { createContext, useContext, useEffect, useRef } from 'react'

/** `keys` as in `mod+Enter`, `mod+.`, `alt+ArrowUp`, `F2`, `m`, `?`; `mod` is Cmd on a Mac and Ctrl elsewhere. */
export type Shortcut = Readonly<{ keys: string; description: string; handler: () => void }>

/** What the rules read of a keyboard event. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target' | 'defaultPrevented' | 'preventDefault' | 'stopPropagation'
>

export type ShortcutRegistry = Readonly<{
  add: (shortcut: Shortcut) => () => void
  /** Newest first. */
  list: () => readonly Shortcut[]
  /** Carries out the newest shortcut that fits; true when there was one. */
  handle: (event: KeyPress) => boolean
}>

export const isMac = (): boolean => navigator.platform.startsWith('Mac')

const PLAIN_EVERYWHERE = new Set(['F2', 'Escape'])

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select'))

/** Whether the event is `keys`; plain letters do not count while somebody is typing. */
export function matchesKeys(keys: string, event: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+')
  const key = keys.endsWith('++') ? '+' : (parts.at(-1) ?? '')
  const mod = mac ? event.metaKey : event.ctrlKey
  if (parts.includes('mod') !== mod || parts.includes('alt') !== event.altKey) return false
  if (key.length === 1 && !parts.includes('mod') && isTextField(event.target)) return false
  if (key.length > 1 && !parts.includes('mod') && !parts.includes('alt') && !PLAIN_EVERYWHERE.has(key)) return false
  return event.key.toLowerCase() === key.toLowerCase()
}

export function createShortcutRegistry(mac: boolean): ShortcutRegistry {
  let shortcuts: readonly Shortcut[] = []
  return {
    add: (shortcut) => {
      shortcuts = [shortcut, ...shortcuts]
      return () => {
        shortcuts = shortcuts.filter((other) => other !== shortcut)
      }
    },
    list: () => shortcuts,
    handle: (event) => {
      const found = event.defaultPrevented ? undefined : shortcuts.find(({ keys }) => matchesKeys(keys, event, mac))
      if (!found) return false
      event.preventDefault()
      event.stopPropagation()
      found.handler()
      return true
    },
  }
}

export const ShortcutContext = createContext<ShortcutRegistry | undefined>(undefined)

/** Global while the component is mounted, and listed in the help. The newest one with the same keys wins; `enabled: false` takes it out. */
export function useShortcut(keys: string, description: string, handler: () => void, enabled = true): void {
  const registry = useContext(ShortcutContext)
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => {
    if (!enabled || !registry) return
    return registry.add({ keys, description, handler: () => latest.current() })
  }, [registry, keys, description, enabled])
}

const SYMBOLS: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', m: 'M' }

/** As people write it: `Ctrl+S`, `⌘S`. */
export const displayKeys = (keys: string, mac = isMac()): string[] =>
  keys.split('+').map((part) => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'alt') return mac ? '⌥' : 'Alt'
    return SYMBOLS[part] ?? (part.length === 1 ? part.toUpperCase() : part)
  })
