import { describe, expect, test } from 'vitest'
import { defaultModel, findProvider, listProviders, structuredOutputsOf } from './index.ts'

const all = listProviders('llm')

describe.each(all.map((provider) => [provider.id, provider] as const))('%s', (id, provider) => {
  test('has a sound price, context and way of structured output for each model', () => {
    expect(new Set(provider.models.map((model) => model.id)).size).toBe(provider.models.length)
    for (const model of provider.models) {
      const { price, context_tokens, structured_output = [] } = model
      if (context_tokens !== undefined) expect(context_tokens).toBeGreaterThanOrEqual(8192)
      expect(provider.capabilities.structured_output).toEqual(expect.arrayContaining([...structured_output]))
      if (!price) continue
      expect(price).toMatchObject({ per: 'million_tokens', as_of: expect.stringMatching(/^2026-\d\d$/) as string })
      expect(new URL(price.source).protocol).toBe('https:')
      if (price.per !== 'million_tokens') continue
      expect(price.output_usd).toBeGreaterThanOrEqual(price.input_usd)
      expect(price.cached_input_usd ?? 0).toBeLessThan(price.input_usd)
    }
  })

  test('offers only what it can do, and names where its key comes from', () => {
    const option = provider.options.find(({ key }) => key === 'structured_output')
    if (option?.type === 'choice') {
      expect(option.choices.map(({ value }) => value)).toEqual([...provider.capabilities.structured_output])
    }
    const keys = new Set(provider.options.filter(({ type }) => type === 'secret').map(({ key }) => key))
    if (provider.needs.kind === 'secret') for (const { key } of provider.needs.secrets) expect(keys).toContain(key)
    if (provider.network !== 'never') expect(provider.options.map(({ key }) => key)).toContain('base_url')
    expect(structuredOutputsOf(id, defaultModel(provider))?.length).toBeGreaterThan(0)
  })
})

test('no two providers answer to one name', () => {
  const names = all.flatMap(({ id, aliases }) => [id, ...aliases])
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  expect(findProvider('llm', 'Groq.com')?.id).toBe('groq')
})
