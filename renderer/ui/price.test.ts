import { expect, test } from 'vitest'
import { formatNanoUsd, priceDetail, priceText } from './price.ts'

test('a sum is as exact as its size allows', () => {
  expect([0, 300, 1_200_000, 43_210_000, 430_000_000, 1_240_000_000].map(formatNanoUsd)).toEqual([
    '$0',
    '< $0.000001',
    '$0.0012',
    '$0.0432',
    '$0.43',
    '$1.24',
  ])
})

test('a price says what it is for, of when it is and where it stands', () => {
  const from = { as_of: '2026-11', source: 'https://www.example.com/pricing' }
  const tokens = { per: 'million_tokens', input_usd: 0.4, cached_input_usd: 0.1, output_usd: 1.6, ...from } as const
  expect(priceText(tokens)).toBe('$0.40 in, $1.60 out per 1M tokens')
  expect(priceDetail(tokens)).toBe(
    '$0.40 in, $1.60 out per 1M tokens; $0.10 for input that is cached; as of 2026-11, from example.com/pricing',
  )
  expect(priceText({ per: 'minute', usd: 0.0077, ...from })).toBe('$0.0077 per minute')
})
