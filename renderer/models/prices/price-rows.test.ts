import { expect, test } from 'vitest'
import type { PriceEntry } from '../../../core/contract/index.ts'
import { listProviders } from '../../../core/providers/index.ts'
import { cataloguePrice, noPriceFilter, priceRows } from './price-rows.ts'

const entry = (provider: string, model: string, own = false): PriceEntry => ({
  kind: 'llm',
  provider,
  model,
  own,
  price: { per: 'million_tokens', input_usd: 1, output_usd: 2, as_of: '2026-11', source: 'https://example.org/pricing' },
})
const models = (prices: readonly PriceEntry[], filter = noPriceFilter) =>
  priceRows(prices, filter).map(({ entry: { model } }) => model)

test('own prices come first, then by provider and model as people count', () => {
  const prices = [entry('openai', 'gpt-10'), entry('openai', 'gpt-9'), entry('groq', 'llama'), entry('openai', 'mine', true)]
  expect(models(prices)).toEqual(['mine', 'llama', 'gpt-9', 'gpt-10'])
  expect(models(prices, { ...noPriceFilter, own: true })).toEqual(['mine'])
  expect(models(prices, { ...noPriceFilter, query: 'openai 9' })).toEqual(['gpt-9'])
  expect(models(prices, { ...noPriceFilter, kind: 'tts' })).toEqual([])
})

test('5,000 prices are filtered and sorted at once', () => {
  const prices = Array.from({ length: 5000 }, (_, index) => entry('openai', `model-${index}`))
  expect(priceRows(prices, { ...noPriceFilter, query: 'model-49' })).toHaveLength(111)
})

test('the catalogue’s own price is known beside one that was typed in', () => {
  const provider = listProviders('llm').find((one) => one.models.some(({ price }) => price))!
  const model = provider.models.find(({ price }) => price)!
  expect(cataloguePrice({ kind: 'llm', provider: provider.id, model: model.id })).toEqual(model.price)
  expect(cataloguePrice({ kind: 'llm', provider: provider.id, model: 'nobody-knows' })).toBeUndefined()
})
