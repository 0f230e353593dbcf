import { expect, test } from 'vitest'
import { slowestPart } from './slowest-part.ts'
import { partMedians, turnWaterfall } from './turn-waterfall.ts'

test('names the part that took most, its share, and how unusual that is', () => {
  const usual = [200, 210, 190].flatMap((ms) => turnWaterfall({ t0: 0, t1: 100, t2: 150, t3: 150 + ms }, 'voice') ?? [])
  const slow = turnWaterfall({ t0: 0, t1: 100, t2: 150, t3: 750 }, 'voice')
  expect(slow && slowestPart(slow, partMedians(usual))).toMatchObject({
    label: 'first token',
    ms: 600,
    share: 0.8,
    more_than_usual_ms: 400,
  })
})

test('a turn without a notable part says nothing', () => {
  const quick = turnWaterfall({ t0: 0, t3: 10, t4: 12 }, 'text')
  expect(quick && slowestPart(quick, new Map())).toBeUndefined()
})

test('where a tool ran, the advice is about the tool', () => {
  const waterfall = turnWaterfall({ t0: 0, t3: 200, t4: 2000 }, 'text')
  const bar = { call_id: 'c', tool: 'look_up_order', from_ms: 210, shown_ms: 1400, ms: 1400 }
  expect(waterfall && slowestPart(waterfall, new Map(), [bar])).toMatchObject({
    label: 'fields before speech',
    advice: expect.stringMatching(/^In it ran look_up_order \(1,400 ms\), and the LLM was asked again/),
  })
})
