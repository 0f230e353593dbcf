import { expect, test, vi } from 'vitest'
import { createShortcutRegistry } from './shortcuts.ts'
import { addEarly } from './use-early-keys.ts'

test('keys pressed before their part is there are carried out once, when it comes', () => {
  vi.useFakeTimers()
  const registry = createShortcutRegistry(false)
  const real = vi.fn()
  const off = addEarly(registry, 'mod+Enter')
  registry.list()[0]?.handler()
  registry.add({ keys: 'mod+Enter', description: '', handler: real })
  expect(real).not.toHaveBeenCalled()
  vi.advanceTimersByTime(200)
  expect(real).toHaveBeenCalledTimes(1)
  off()
  expect(registry.list()).toHaveLength(1)
  vi.useRealTimers()
})
