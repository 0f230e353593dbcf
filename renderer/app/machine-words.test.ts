import { expect, test } from 'vitest'
import type { LocalModel } from '../../core/contract/index.ts'
import { machineWords } from './machine-words.ts'

const here = (...kinds: LocalModel['kind'][]) => kinds.map((kind) => ({ kind, installed: true }))

test('the status bar says how much of a call runs on this machine', () => {
  expect(machineWords(here('stt', 'llm', 'tts'))).toBe('Offline models are here')
  expect(machineWords(here('stt', 'tts'))).toBe('Built-in speech is here')
  expect(machineWords(here('llm'))).toBe('Some offline models are here')
  expect(machineWords([{ kind: 'stt', installed: false }])).toBe('Offline models: not fetched')
})
