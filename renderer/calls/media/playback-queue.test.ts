import { expect, test } from 'vitest'
import { createPlaybackQueue, type PlaybackEvent } from './playback-queue.ts'

const pcm = (count: number, value = 16_384) => new Int16Array(count).fill(value)
const renderAll = (queue: ReturnType<typeof createPlaybackQueue>, blocks: number): PlaybackEvent[] =>
  Array.from({ length: blocks }).flatMap(() => [...queue.render(new Float32Array(128))])

test('a segment starts with its first sample and finishes after its flush, with the samples really played', () => {
  const queue = createPlaybackQueue()
  queue.push(1, pcm(200))
  expect(queue.render(new Float32Array(128))).toEqual([{ type: 'started', segment: 1, offset: 0 }])
  expect(queue.flush(1)).toEqual([])
  expect(queue.render(new Float32Array(128))).toEqual([{ type: 'finished', segment: 1, played: 200, interrupted: false }])
  expect(queue.flush(1)).toEqual([])
  expect(renderAll(queue, 3)).toEqual([])
})

test('waiting for more audio is silence and is not counted', () => {
  const queue = createPlaybackQueue()
  queue.push(1, pcm(128))
  renderAll(queue, 5)
  queue.push(1, pcm(64))
  expect(queue.flush(1)).toEqual([])
  expect(renderAll(queue, 2)).toEqual([{ type: 'finished', segment: 1, played: 192, interrupted: false }])
})

test('clear empties at once and says how much was heard; late audio of the segment stays silent', () => {
  const queue = createPlaybackQueue()
  queue.push(1, pcm(10_000))
  queue.push(2, pcm(10_000))
  renderAll(queue, 2)
  expect(queue.clear(1)).toEqual([{ type: 'finished', segment: 1, played: 256, interrupted: true }])
  expect(queue.clear(2)).toEqual([{ type: 'finished', segment: 2, played: 0, interrupted: true }])
  expect(queue.clear(2)).toEqual([])
  queue.push(1, pcm(128))
  queue.push(2, pcm(128))
  expect(queue.queued()).toBe(0)
  const out = new Float32Array(256)
  expect(queue.render(out)).toEqual([])
  expect(Math.abs(out[255] ?? 1)).toBe(0)
})

test('a segment cleared behind a playing one is skipped, and the next follows without a gap', () => {
  const queue = createPlaybackQueue()
  queue.push(1, pcm(100, 8192))
  queue.push(2, pcm(100, -8192))
  queue.push(3, pcm(100, 16_384))
  queue.clear(2)
  queue.flush(1)
  const out = new Float32Array(128)
  const events = queue.render(out)
  expect(events).toEqual([
    { type: 'started', segment: 1, offset: 0 },
    { type: 'finished', segment: 1, played: 100, interrupted: false },
    { type: 'started', segment: 3, offset: 100 },
  ])
  expect([out[99], out[100]]).toEqual([0.25, 0.5])
})

test('a flush or a clear without any audio is answered too', () => {
  const queue = createPlaybackQueue()
  expect(queue.flush(1)).toEqual([{ type: 'finished', segment: 1, played: 0, interrupted: false }])
  expect(queue.clear(2)).toEqual([{ type: 'finished', segment: 2, played: 0, interrupted: true }])
})

test('a long answer that comes faster than it is played grows the ring and keeps its order', () => {
  const queue = createPlaybackQueue()
  const total = 24_000 * 12
  for (let at = 0; at < total; at += 480)
    queue.push(
      1,
      Int16Array.from({ length: 480 }, (_, index) => ((at + index) % 30_000) - 15_000),
    )
  queue.flush(1)
  let rendered = 0
  for (;;) {
    const out = new Float32Array(128)
    const done = queue.render(out).some(({ type }) => type === 'finished')
    for (let index = 0; index < 128 && rendered < total; index++, rendered++) {
      if (Math.round((out[index] ?? 0) * 32_768) !== (rendered % 30_000) - 15_000)
        throw new Error(`sample ${rendered} is out of order`)
    }
    if (done) break
  }
  expect(rendered).toBe(total)
})
