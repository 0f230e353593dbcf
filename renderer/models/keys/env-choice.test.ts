import { expect, test } from 'vitest'
import { chosenAtFirst, entryWords, toggledName, type EnvEntry } from './env-choice.ts'

const entries: readonly EnvEntry[] = [
  { name: 'GROQ_API_KEY', line: 1, possible: true },
  { name: 'MY_TOKEN', line: 2, possible: true },
  { name: 'PORT', line: 3, possible: true, skip: 'does not look like a key' },
  { name: 'EMPTY_KEY', line: 4, possible: false, skip: 'empty' },
]

test('what looks like a key is chosen, the rest can be', () => {
  const chosen = chosenAtFirst(entries)
  expect([...chosen]).toEqual(['GROQ_API_KEY', 'MY_TOKEN'])
  expect([...toggledName(chosen, 'PORT')]).toEqual(['GROQ_API_KEY', 'MY_TOKEN', 'PORT'])
  expect([...toggledName(chosen, 'MY_TOKEN')]).toEqual(['GROQ_API_KEY'])
})

test('each line says what it opens, or why it is left out', () => {
  expect(entries.map(entryWords)).toEqual(['opens Groq', 'looks like a key', 'does not look like a key', 'empty'])
})
