import { localLlmBench, sharedModelBench } from './local-llm.bench.ts'
import type { Measure } from './measure.ts'

/** The weights are no part of the repository. */
const needsModels = () =>
  process.env['GREENROOM_TEST_MODELS'] === undefined ? 'GREENROOM_TEST_MODELS names no folder with models' : undefined

export const localFirstToken: Measure = {
  id: 'L1',
  name: 'local LLM: first token through engine and provider',
  peer: 'node-llama-cpp called bare',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.05 },
  skip: needsModels,
  prepare: () => localLlmBench('first_token_ms'),
}

export const localTokens: Measure = {
  id: 'L1',
  name: 'local LLM: time for each further token',
  peer: 'node-llama-cpp called bare',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.05 },
  skip: needsModels,
  prepare: () => localLlmBench('ms_per_token'),
}

export const sharedModel: Measure = {
  id: 'L2',
  name: 'private memory of ten calls with one local LLM',
  peer: 'ten programs with a model each',
  unit: 'MB',
  goal: { kind: 'ratio', most: 0.4 },
  samples: 3,
  skip: () => needsModels() ?? (process.platform === 'linux' ? undefined : 'private memory is read from /proc'),
  prepare: sharedModelBench,
}
