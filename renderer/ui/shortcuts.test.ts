import { afterAll, expect, test, vi } from 'vitest'
import { createShortcutRegistry, matchesKeys, type KeyPress } from './shortcuts.ts'

// The rules need no page: an element is what they read of it.
class FakeElement extends EventTarget {
  isContentEditable = false
  matches = () => true
}
vi.stubGlobal('HTMLElement', FakeElement)
afterAll(() => void vi.unstubAllGlobals())

type Modifiers = Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>>
const field = new FakeElement()
const press = (key: string, modifiers: Modifiers = {}, target: EventTarget | null = null): KeyPress => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  defaultPrevented: false,
  preventDefault: () => undefined,
  stopPropagation: () => undefined,
  target,
  ...modifiers,
})

test('mod is Ctrl, and Cmd on a Mac', () => {
  expect(matchesKeys('mod+s', press('s', { ctrlKey: true }), false)).toBe(true)
  expect(matchesKeys('mod+s', press('s', { ctrlKey: true }), true)).toBe(false)
  expect(matchesKeys('mod+s', press('s', { metaKey: true }), true)).toBe(true)
})

test('letters alone do nothing while somebody types, chords do', () => {
  expect(matchesKeys('m', press('m'), false)).toBe(true)
  expect(matchesKeys('m', press('m', {}, field), false)).toBe(false)
  expect(matchesKeys('mod+k', press('k', { ctrlKey: true }, field), false)).toBe(true)
  expect(matchesKeys('alt+ArrowUp', press('ArrowUp', { altKey: true }, field), false)).toBe(true)
  expect(matchesKeys('F2', press('F2', {}, field), false)).toBe(true)
})

test('the newest of two wins, until it is gone', () => {
  const registry = createShortcutRegistry(false)
  const calls: string[] = []
  registry.add({ keys: 'mod+Enter', description: '', handler: () => calls.push('first') })
  const off = registry.add({ keys: 'mod+Enter', description: '', handler: () => calls.push('second') })
  registry.handle(press('Enter', { ctrlKey: true }))
  off()
  registry.handle(press('Enter', { ctrlKey: true }))
  expect(calls).toEqual(['second', 'first'])
  expect(registry.handle(press('q'))).toBe(false)
})
