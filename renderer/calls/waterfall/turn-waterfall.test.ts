import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partMedians, totalLabel, turnWaterfall } from './turn-waterfall.ts'

const whole = { t0: 1000, t1: 1246, t2: 1356, t3: 1574, t4: 1655, t5: 1856, t6: 1912, t6_uncertainty_ms: 2 }

test('the parts are the consecutive differences and add up to the silence heard', () => {
  const waterfall = turnWaterfall(whole, 'voice')
  expect(waterfall?.parts.map(({ label, ms }) => [label, ms])).toEqual([
    ['final transcript', 246],
    ['turn committed', 110],
    ['first token', 218],
    ['fields before speech', 81],
    ['first TTS frame', 201],
    ['audible', 56],
  ])
  expect(waterfall).toMatchObject({ total_ms: 912, uncertainty_ms: 2, from: 't0', to: 't6' })
  expect(waterfall && totalLabel(waterfall, 'voice', false)).toBe('silence heard')
})

test('a typed turn has no transcript to wait for and, without sound, ends at the first spoken word', () => {
  const waterfall = turnWaterfall({ t0: 10, t1: 10, t2: 10, t3: 110, t4: 150 }, 'text')
  expect(waterfall?.parts.map(({ label, ms }) => [label, ms])).toEqual([
    ['first token', 100],
    ['fields before speech', 40],
  ])
  expect(waterfall && totalLabel(waterfall, 'text', false)).toBe('until the first spoken word')
})

test('a greeting is not asked of the model: only its voice is waited for', () => {
  expect(turnWaterfall({ t0: 914, t4: 917, t5: 1616, t6: 1697 }, 'greeting')?.parts.map(({ label, ms }) => [label, ms])).toEqual([
    ['first TTS frame', 702],
    ['audible', 81],
  ])
})

test('what cannot be told apart is one part, and nothing is known before two moments are', () => {
  expect(turnWaterfall({ t0: 0, t3: 50, t6: 90 }, 'voice')?.parts.map(({ label }) => label)).toEqual([
    'final transcript + turn committed + first token',
    'fields before speech + first TTS frame + audible',
  ])
  expect(turnWaterfall({ t0: 5 }, 'voice')).toBeUndefined()
  expect(turnWaterfall({}, 'greeting')).toBeUndefined()
})

test('where nobody told when the agent was heard, the wait ends as its first sound leaves', () => {
  const waterfall = turnWaterfall({ ...whole, t6: 1858, t6_uncertainty_ms: 200 }, 'voice')
  expect(waterfall).toMatchObject({ total_ms: 856, to: 't5', unheard: true })
  expect(waterfall?.parts.map(({ label }) => label)).not.toContain('audible')
  expect(waterfall).not.toHaveProperty('uncertainty_ms')
  expect(waterfall && totalLabel(waterfall, 'voice', false)).toBe('until the first sound left the agent')
})

test('whatever the order of the moments, no part is negative and the sum is the whole', () => {
  const at = fc.option(fc.integer({ min: 0, max: 5000 }), { nil: undefined })
  fc.assert(
    fc.property(fc.record({ t0: fc.constant(0), t1: at, t2: at, t3: at, t4: at, t5: at, t6: at }), (times) => {
      const known = Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined))
      const waterfall = turnWaterfall(known, 'voice')
      if (!waterfall) return
      expect(waterfall.parts.every(({ ms }) => ms >= 0)).toBe(true)
      expect(waterfall.parts.reduce((sum, { ms }) => sum + ms, 0)).toBe(waterfall.total_ms)
    }),
  )
})

test('medians are taken per part', () => {
  const waterfalls = [100, 300, 200].flatMap((ms) => turnWaterfall({ t0: 0, t1: ms, t2: ms + 10 }, 'voice') ?? [])
  expect(partMedians(waterfalls)).toEqual(
    new Map([
      ['final_transcript', 200],
      ['turn_committed', 10],
    ]),
  )
})
