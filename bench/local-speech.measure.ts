import { firstAudioBench, transcriptBench } from './local-speech.bench.ts'
import type { Measure } from './measure.ts'
import { furtherCallBench, tenCallsBench } from './ten-calls.bench.ts'

/** The weights are no part of the repository. */
const needsModels = () =>
  process.env['GREENROOM_TEST_MODELS'] === undefined ? 'GREENROOM_TEST_MODELS names no folder with models' : undefined

export const localTranscript: Measure = {
  id: 'L3',
  name: 'local STT: text of a sentence, through the engine',
  peer: 'sherpa-onnx-node called bare',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.05 },
  skip: needsModels,
  prepare: transcriptBench,
}

export const localFirstAudio: Measure = {
  id: 'L3',
  name: 'local TTS: first audio, for each second of it',
  peer: 'sherpa-onnx-node called bare',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.05 },
  skip: needsModels,
  prepare: firstAudioBench,
}

export const tenCalls: Measure = {
  id: 'L4',
  name: 'end of speech to first audio, all on this machine, ten calls open',
  peer: '–',
  unit: 'ms',
  goal: { kind: 'p95', most: 2500 },
  samples: 20,
  skip: needsModels,
  prepare: tenCallsBench,
}

export const furtherCall: Measure = {
  id: 'L4',
  name: 'memory of each call after the first, models shared',
  peer: 'the first call, which loads them',
  unit: 'MB',
  goal: { kind: 'ratio', most: 0.25 },
  samples: 1,
  skip: () => needsModels() ?? (process.platform === 'linux' ? undefined : 'shared memory is read from /proc'),
  prepare: furtherCallBench,
}
