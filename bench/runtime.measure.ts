import { configPushBench } from './config-push.bench.ts'
import { addedLatencyBench, jsonAgainstPlainBench, turnCpuBench } from './turn-cost.bench.ts'
import type { Measure } from './measure.ts'

/** What a turn costs in CPU with inspector, journal and validation on. */
export const turnCpu: Measure = {
  id: 'P1',
  name: 'CPU per turn at 80 tokens/s',
  peer: 'stock AgentSession, same LLM',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.2 },
  prepare: turnCpuBench,
}

export const addedLatency: Measure = {
  id: 'P1',
  name: 'latency added to a token on its way to the page',
  peer: '–',
  unit: 'ms',
  goal: { kind: 'p95', most: 10 },
  prepare: addedLatencyBench,
}

export const jsonAgainstPlain: Measure = {
  id: 'P2',
  name: 'end of speech to first audio, JSON output',
  peer: 'the same tokens as plain text',
  unit: 'ms',
  goal: { kind: 'ratio', most: 1.05 },
  prepare: jsonAgainstPlainBench,
}

export const savedChangeIsUsed: Measure = {
  id: 'P7',
  name: 'save to the live call using it',
  peer: '–',
  unit: 'ms',
  goal: { kind: 'p95', most: 25 },
  samples: 40,
  prepare: configPushBench,
}
