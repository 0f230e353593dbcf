import { expect, test } from 'vitest'
import { entriesOf, freeName, withEntry, withoutEntry, withRenamed } from './entries.ts'

const entries = entriesOf({ Accept: 'text/plain', 'X-One': '1' })

test('rows are renamed, changed and removed in their place', () => {
  expect(withRenamed(entries, 0, 'Accep')).toEqual([
    ['Accep', 'text/plain'],
    ['X-One', '1'],
  ])
  expect(withEntry(entries, 1, '2')).toEqual([
    ['Accept', 'text/plain'],
    ['X-One', '2'],
  ])
  expect(withoutEntry(entries, 0)).toEqual([['X-One', '1']])
})

test('no row swallows another one', () => {
  expect(withRenamed(entries, 1, 'Accept')).toBe(entries)
  expect(freeName('X-One', entries)).toBe('X-One-2')
  expect(freeName('crm', [], '_')).toBe('crm')
})
