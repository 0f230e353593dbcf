import { expect, test } from 'vitest'
import type { SecretState } from '../../../core/contract/index.ts'
import { keyChoices, keyRows, openedBy, usualReferences } from './key-facts.ts'

const state = (reference: string, kept_in: SecretState['kept_in'], present = true): SecretState => ({
  reference,
  kept_in,
  present,
})

test('a key opens the providers that ask for its name, and the one that it is called after', () => {
  expect(openedBy('secret:GROQ_API_KEY')).toEqual(['Groq'])
  expect(openedBy('env:GROQ_API_KEY')).toEqual(['Groq'])
  expect(openedBy('secret:groq')).toEqual(['Groq'])
  expect(openedBy('env:groq')).toEqual([])
  expect(openedBy('secret:something-of-mine')).toEqual([])
})

test('what is kept here comes first; a variable that is not set is no row, and neither is one that a kept key serves', () => {
  const rows = keyRows([
    state('env:OPENAI_API_KEY', 'environment'),
    state('secret:zulu', 'keychain'),
    state('secret:GROQ_API_KEY', 'keychain'),
    state('env:GROQ_API_KEY', 'keychain'),
    state('env:XAI_API_KEY', 'nowhere', false),
  ])
  expect(rows.map(({ state: { reference } }) => reference)).toEqual(['secret:GROQ_API_KEY', 'secret:zulu', 'env:OPENAI_API_KEY'])
  expect(rows.map(({ own }) => own)).toEqual([true, true, false])
})

test('every key of the catalogue can be chosen, by the name of its provider', () => {
  const choices = keyChoices()
  expect(choices).toHaveLength(usualReferences().length)
  expect(choices.find(({ value }) => value === 'GROQ_API_KEY')?.label).toBe('Groq · GROQ_API_KEY')
  expect(choices.every(({ label }) => !label.startsWith(' ·'))).toBe(true)
})
