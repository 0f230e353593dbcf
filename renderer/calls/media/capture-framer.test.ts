import { expect, test } from 'vitest'
import { createCaptureFramer } from './capture-framer.ts'

const collect = (rate: number, blocks: number, sample: (index: number) => number) => {
  const frames: Int16Array[] = []
  const levels: number[] = []
  const framer = createCaptureFramer({ from: rate, to: 16_000, frameSamples: 320 }, (frame, level) => {
    frames.push(frame)
    levels.push(level)
  })
  for (let block = 0; block < blocks; block++)
    framer.push(Float32Array.from({ length: 128 }, (_, index) => sample(block * 128 + index)))
  return { frames, levels }
}

test('blocks of 128 become frames of 320, clamped, with their level', () => {
  const { frames, levels } = collect(16_000, 5, () => 2)
  expect(frames.map((frame) => frame.length)).toEqual([320, 320])
  expect(frames[0]?.[0]).toBe(32_767)
  expect(levels).toEqual([1, 1])
})

test('a device rate of 48 kHz gives the same tone at 16 kHz', () => {
  const tone = (rate: number) => (index: number) => Math.sin((2 * Math.PI * 200 * index) / rate)
  const { frames } = collect(48_000, 750, tone(48_000))
  const all = frames.flatMap((frame) => [...frame])
  const crossings = all.filter((value, index) => index > 0 && value >= 0 && (all[index - 1] ?? 0) < 0).length
  expect(all.length).toBe(32_000)
  expect(Math.abs(crossings - 400)).toBeLessThanOrEqual(1)
})
