import { inChunks, outputReaderBench, replyOf } from './output-reader.bench.ts'
import type { Measure } from './measure.ts'

/** One sample reads the reply this often, so that the clock's grain does not count. */
const TIMES = 20

const timed = (read: () => unknown) => async () => {
  const started = performance.now()
  for (let time = 0; time < TIMES; time++) await read()
  return (performance.now() - started) / TIMES
}

const readerMeasure = (name: string, peer: 'jsonriver' | 'partial-json', most: number): Measure => ({
  id: 'P3',
  name,
  peer,
  unit: 'ms',
  goal: { kind: 'ratio', most },
  samples: 31,
  prepare: async () => {
    const { ours, peers } = outputReaderBench(inChunks(replyOf(10_000)))
    return { ours: timed(ours), peer: timed(peers[peer]) }
  },
})

export const readerAgainstJsonriver = readerMeasure('reading 10 KB of JSON in 4-character chunks', 'jsonriver', 0.5)

/** Linear: eight times the text costs about eight times as much; a reader that starts over at each chunk would cost 64 times. */
export const readerIsLinear: Measure = {
  id: 'P3',
  name: 'reading 80 KB of JSON',
  peer: 'reading 10 KB, eight times',
  unit: 'ms',
  goal: { kind: 'ratio', most: 2 },
  samples: 31,
  prepare: async () => {
    const [long, short] = [80_000, 10_000].map((size) => outputReaderBench(inChunks(replyOf(size))).ours)
    return {
      ours: timed(long!),
      peer: timed(() => {
        for (let time = 0; time < 8; time++) short!()
      }),
    }
  },
}
