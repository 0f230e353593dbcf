import { expect, test } from 'vitest'
import { judge, run, spread, type Measure } from './measure.ts'

const measure = (ours: number, goal: Measure['goal']): Measure => ({
  id: 'P0',
  name: 'counting',
  peer: 'counting too',
  unit: 'ms',
  goal,
  prepare: async () => ({ ours: () => ours, peer: () => 10 }),
})

test('a build that is slower than its goal fails the gate, one that holds it passes', async () => {
  expect(await run(measure(12, { kind: 'ratio', most: 1.2 }))).toMatchObject({ value: 1.2, met: true })
  expect(await run(measure(13, { kind: 'ratio', most: 1.2 }))).toMatchObject({ value: 1.3, met: false })
  expect(await run(measure(26, { kind: 'p95', most: 25 }))).toMatchObject({ met: false })
})

test('an answer that never came is no success', () => {
  expect(
    judge({ id: 'P0', name: '', peer: '', unit: 'ms', goal: { kind: 'ratio', most: 1 } }, spread([Number.NaN]), spread([1])),
  ).toMatchObject({ met: false })
})

test('both sides run turn by turn, and the warm-up is dropped', async () => {
  const order: string[] = []
  const result = await run({
    ...measure(0, { kind: 'ratio', most: 99 }),
    samples: 3,
    prepare: async () => ({ ours: () => order.push('ours'), peer: () => order.push('peer') }),
  })
  expect(order).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer', 'ours', 'peer', 'ours', 'peer'])
  expect(result.ours.min).toBe(5)
})
