import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CostPart, Usage } from '../contract/session-events.ts'
import type { Price } from '../providers/price.ts'
import { addUsage } from './add-usage.ts'
import { costOf } from './cost-of.ts'
import { gathered, priced } from './cost-part.ts'
import { nanoUsd } from './nano-usd.ts'

const dated = { as_of: '2026-11', source: 'https://prices.example' }
const tokens = (input_usd: number, output_usd: number, cached_input_usd?: number): Extract<Price, { per: 'million_tokens' }> => ({
  per: 'million_tokens',
  input_usd,
  output_usd,
  ...(cached_input_usd === undefined ? {} : { cached_input_usd }),
  ...dated,
})

test.each<[string, Price, Usage, number | undefined]>([
  [
    'gpt-4.1-mini',
    tokens(0.4, 1.6, 0.1),
    { prompt_tokens: 1000, cached_tokens: 600, completion_tokens: 100 },
    160_000 + 60_000 + 160_000,
  ],
  ['no cached price', tokens(0.4, 1.6), { prompt_tokens: 1000, cached_tokens: 600, completion_tokens: 0 }, 400_000],
  ['more cached than read', tokens(1, 0, 0.5), { prompt_tokens: 10, cached_tokens: 99 }, 5_000],
  ['more than a number can hold', tokens(1_000_000, 0), { prompt_tokens: 1_000_000_000 }, Number.MAX_SAFE_INTEGER],
  ['half a nano-dollar', tokens(0.0005, 0), { prompt_tokens: 1 }, 1],
  [
    'sound read and written',
    { ...tokens(0.6, 2.4, 0.06), audio_input_usd: 10, audio_output_usd: 20 },
    { prompt_tokens: 1000, audio_prompt_tokens: 100, cached_tokens: 950, completion_tokens: 50, audio_completion_tokens: 10 },
    100 * 10_000 + 900 * 60 + 40 * 2_400 + 10 * 20_000,
  ],
  ['sound without a price of its own', tokens(1, 2), { prompt_tokens: 10, audio_prompt_tokens: 4, completion_tokens: 1 }, 12_000],
  ['a minute heard', { per: 'minute', usd: 0.0043, ...dated }, { stt_audio_ms: 90_000 }, 6_450_000],
  ['a minute spoken', { per: 'minute', usd: 0.015, ...dated }, { tts_characters: 9, tts_audio_ms: 2000 }, 500_000],
  ['characters', { per: 'million_characters', usd: 30, ...dated }, { tts_characters: 61 }, 1_830_000],
  ['nothing that is priced', { per: 'million_characters', usd: 30, ...dated }, { prompt_tokens: 5 }, undefined],
])('%s', (_name, price, usage, nano) => expect(nanoUsd(price, usage)).toBe(nano))

const usd = fc.integer({ min: 0, max: 200_000_000 }).map((micro) => micro / 1e6)
const count = fc.integer({ min: 0, max: 2_000_000 })
const usage = fc.record({
  prompt_tokens: count,
  completion_tokens: count,
  cached_tokens: count,
  tts_characters: count,
  stt_audio_ms: count,
})
const price: fc.Arbitrary<Price> = fc.oneof(
  fc
    .record({ input_usd: usd, output_usd: usd, cached_input_usd: usd })
    .map((one) => tokens(one.input_usd, one.output_usd, one.cached_input_usd)),
  usd.map((one) => ({ per: 'minute' as const, usd: one, ...dated })),
  usd.map((one) => ({ per: 'million_characters' as const, usd: one, ...dated })),
)

describe('for every price and usage', () => {
  const cost = (of: Price, used: Usage) => nanoUsd(of, used) ?? NaN

  test('a cost is a whole number, never negative, and never less for more', () => {
    fc.assert(
      fc.property(
        price,
        usage,
        fc.constantFrom('completion_tokens', 'tts_characters', 'stt_audio_ms'),
        count,
        (of, used, more, by) => {
          const before = cost(of, used)
          expect(Number.isSafeInteger(before) && before >= 0).toBe(true)
          expect(cost(of, { ...used, [more]: used[more] + by })).toBeGreaterThanOrEqual(before)
        },
      ),
    )
  })

  test('two turns cost what they cost together, to the rounding of each', () => {
    fc.assert(
      fc.property(price, usage, usage, (of, one, other) => {
        const both = { ...one, cached_tokens: Math.min(one.cached_tokens, one.prompt_tokens) }
        const second = { ...other, cached_tokens: Math.min(other.cached_tokens, other.prompt_tokens) }
        expect(Math.abs(cost(of, addUsage(both, second)) - cost(of, both) - cost(of, second))).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('usage adds up in any order, and what nobody used is not there', () => {
    fc.assert(
      fc.property(usage, usage, usage, (a, b, c) => {
        expect(addUsage(addUsage(a, b), c)).toEqual(addUsage(c, addUsage(b, a)))
        expect(addUsage(a, {})).toEqual(a)
        expect(Object.keys(addUsage({}, {}))).toEqual([])
      }),
    )
  })
})

test('parts are gathered by provider and model; own prices come first, what runs here is free, unknown stays unknown', () => {
  const used = (provider: string, model: string, completion_tokens: number) => ({
    kind: 'llm' as const,
    provider,
    model,
    usage: { completion_tokens },
  })
  const parts = gathered([used('a', 'x', 1), used('b', 'x', 2), { ...used('a', 'x', 3), estimated: true }])
  expect(parts).toEqual([{ ...used('a', 'x', 4), estimated: true }, used('b', 'x', 2)])
  const entry = (own: boolean, output_usd: number) => ({
    kind: 'llm' as const,
    provider: 'a',
    model: 'x',
    own,
    price: tokens(0, output_usd),
  })
  const prices = [entry(false, 1), entry(true, 2)]
  expect(parts.map((part) => priced(part, prices).nano_usd)).toEqual([8000, undefined])
  expect(priced(used('rehearsal', 'gpt-4o', 9), prices)).toMatchObject({ nano_usd: 0 })
})

test('a call costs what its turns cost, each at the price of its time, and says when something is not known', () => {
  const part = (nano_usd: number | undefined, provider = 'a'): CostPart => ({
    kind: 'tts',
    provider,
    model: '',
    usage: { tts_characters: 10 },
    ...(nano_usd === undefined ? {} : { nano_usd }),
  })
  expect(costOf({ turns: [{}, { cost: [part(5), part(1, 'b')] }, { cost: [part(7)] }] })).toEqual({
    parts: [{ ...part(12), usage: { tts_characters: 20 } }, part(1, 'b')],
    nano_usd: 13,
    incomplete: false,
  })
  expect(costOf({ turns: [{ cost: [part(5)] }, { cost: [part(undefined)] }] })).toMatchObject({ nano_usd: 5, incomplete: true })
  expect(costOf({ turns: [{}] })).toEqual({ parts: [], incomplete: false })
})
