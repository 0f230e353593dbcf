import { expect, test } from 'vitest'
import { readDownFrame } from './media-frames.ts'

test('binary is a segment number and samples', () => {
  const data = new ArrayBuffer(4 + 6)
  const view = new DataView(data)
  view.setUint32(0, 7, true)
  view.setInt16(4, -2, true)
  view.setInt16(6, 300, true)
  view.setInt16(8, 1, true)
  expect(readDownFrame(data)).toEqual({ type: 'audio', segment: 7, pcm: Int16Array.of(-2, 300, 1) })
})

test('text is a message of the contract or nothing', () => {
  expect(readDownFrame('{"type":"clear","segment":3}')).toEqual({ type: 'clear', segment: 3 })
  expect(readDownFrame('{"type":"surprise"}')).toBeUndefined()
  expect(readDownFrame('{"type"')).toBeUndefined()
  expect(readDownFrame(new ArrayBuffer(3))).toBeUndefined()
})
