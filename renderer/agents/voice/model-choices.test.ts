import { expect, test } from 'vitest'
import { findProvider, type Provider } from '../../../core/providers/index.ts'
import { modelChoices } from './model-choices.ts'

const any: Provider = findProvider('llm', 'openai-compatible')!

test('the provider’s own list adds what the catalogue does not have, each name once', () => {
  const known = any.models[0]?.id ?? ''
  const groups = modelChoices(any, [], [known, 'brand-new'], String)
  expect(groups.map(({ group }) => group)).toEqual(['Known here', 'Listed by the provider'])
  expect(groups[1]?.items.map(({ value }) => value)).toEqual(['brand-new'])
})
