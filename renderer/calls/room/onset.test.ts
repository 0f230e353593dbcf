import { expect, test } from 'vitest'
import { createOnsets } from './onset.ts'

const RATE = 1000
const block = (length: number, value: number) => new Float32Array(length).fill(value)

test('the first audible sample after a silence is found, to the sample', () => {
  const onsets = createOnsets(RATE)
  expect(onsets.push(block(128, 0)).onset).toBeUndefined()
  const speech = block(128, 0)
  speech.fill(0.2, 40)
  const { onset, level } = onsets.push(speech)
  expect(onset).toBe(40)
  expect(level).toBeCloseTo(0.2)
})

test('a pause between words is no silence; what Opus leaves of one is', () => {
  const onsets = createOnsets(RATE)
  onsets.push(block(100, 0.5))
  onsets.push(block(200, 0))
  expect(onsets.push(block(100, 0.5)).onset).toBeUndefined()
  onsets.push(block(260, 0.001))
  expect(onsets.push(block(100, -0.5)).onset).toBe(0)
})
