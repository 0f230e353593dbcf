import { expect, test } from 'vitest'
import { amountFields, dollars, draftOf, readDraft, unitsOf } from './price-draft.ts'

test('a price becomes a draft and a price again, with its month and source anew', () => {
  const tokens = { per: 'million_tokens', input_usd: 0.4, cached_input_usd: 0.1, output_usd: 1.6 } as const
  const draft = draftOf('llm', { ...tokens, as_of: '2025-01', source: 'https://x' }, '2026-11')
  expect(readDraft({ ...draft, source: 'our contract' })).toEqual({
    price: { ...tokens, as_of: '2026-11', source: 'our contract' },
  })
})

test('where sound has prices of its own, they are kept and can be typed', () => {
  const tokens = { per: 'million_tokens', input_usd: 1, output_usd: 2, audio_input_usd: 10, audio_output_usd: 20 } as const
  const draft = draftOf('llm', { ...tokens, as_of: '', source: '' }, '2026-11')
  expect(amountFields(draft).map(({ label }) => label)).toEqual(['Read', 'Cached', 'Written', 'Heard', 'Spoken'])
  expect(readDraft(draft)).toMatchObject({ price: tokens })
  expect(readDraft({ ...draft, amounts: { ...draft.amounts, audio_input_usd: '' } })).not.toHaveProperty('price.audio_input_usd')
})

test('each kind starts with the unit that it is usually paid by', () => {
  expect(draftOf('stt', undefined, '2026-11').per).toBe('minute')
  expect(draftOf('tts', undefined, '2026-11').per).toBe('million_characters')
  expect(unitsOf('llm')).toEqual(['million_tokens'])
  expect(readDraft({ ...draftOf('stt', undefined, '2026-11'), amounts: { usd: '0.0043' } })).toEqual({
    price: { per: 'minute', usd: 0.0043, as_of: '2026-11', source: 'own price' },
  })
})

test('amounts as people type them; what is none is told at its field', () => {
  expect(['0.15', '$2', ' 1,5 ', '.5', '3.'].map(dollars)).toEqual([0.15, 2, 1.5, 0.5, 3])
  expect(['', 'free', '-1', '1e9', '1.2.3'].map(dollars)).toEqual(Array<undefined>(5).fill(undefined))
  const draft = { ...draftOf('llm', undefined, '2026-11'), amounts: { input_usd: 'x', output_usd: '1', cached_input_usd: '?' } }
  expect(readDraft(draft)).toEqual({ problems: { input_usd: expect.any(String), cached_input_usd: expect.any(String) } })
})
