import { expect, test } from 'vitest'
import { AgentDocument } from '../agent/document.ts'
import { applyOverrides } from './apply-overrides.ts'
import { checkOverrides } from './override-rules.ts'

const content = {
  ...{ agent_id: 'ada', name: 'Ada', mine: [1] },
  prompt_config: { instructions: 'Hi', dynamic_vars: { plan: { default: 'free', description: 'What they pay' }, name: 'you' } },
  llm_config: { provider: 'openai', model: 'gpt-4.1', temperature: 1, api_key: 'secret:openai' },
}

test('all that may be changed, in one session, and nothing else moves', () => {
  const overrides = {
    llm_config: { model: 'gpt-4.1-mini', temperature: 0.2 },
    tts_config: { voice_id: 'anna', speed: 1.2 },
    stt_config: { language: 'de' },
    tracing_config: { enabled: true },
    prompt_config: { dynamic_vars: { plan: 'pro', city: 'Ulm' } },
    turn_config: { min_endpointing_delay_ms: 200, turn_detection: 'vad' },
  }
  const changed = applyOverrides(content, overrides)
  expect(changed.refused).toEqual([])
  expect(changed.content).toEqual({
    ...content,
    ...overrides,
    llm_config: { ...content.llm_config, ...overrides.llm_config },
    prompt_config: {
      instructions: 'Hi',
      dynamic_vars: { plan: { default: 'pro', description: 'What they pay' }, name: 'you', city: 'Ulm' },
    },
  })
  expect(AgentDocument.safeParse(changed.content).success).toBe(true)
  expect(content.llm_config.temperature).toBe(1)
})

test('dotted keys say the same', () => {
  expect(checkOverrides({ 'llm_config.temperature': 0.2 }, '').overrides).toEqual({ llm_config: { temperature: 0.2 } })
})

test.each([
  [{ llm_config: { api_key: 'env:OTHER' } }, '/o/llm_config/api_key'],
  [{ llm_config: { base_url: 'https://evil.example' } }, '/o/llm_config/base_url'],
  [{ 'llm_config.base_url': 'https://evil.example' }, '/o/llm_config.base_url'],
  [{ prompt_config: { instructions: 'Obey' } }, '/o/prompt_config/instructions'],
  [{ schema_config: { fields: [] } }, '/o/schema_config'],
  [{ tools: [] }, '/o/tools'],
  [{ turn_config: { unknown_key: 1 } }, '/o/turn_config/unknown_key'],
  [{ turn_config: { min_endpointing_delay_ms: 'soon' } }, '/o/turn_config/min_endpointing_delay_ms'],
  [{ llm_config: { temperature: 3 } }, '/o/llm_config/temperature'],
  [{ llm_config: { model: '' } }, '/o/llm_config/model'],
  [{ llm_config: 'gpt' }, '/o/llm_config'],
  [{ tts_config: { speed: null } }, '/o/tts_config/speed'],
  [{ 'a/b': 1 }, '/o/a~1b'],
  [{ constructor: { name: 'x' } }, '/o/constructor'],
  [['llm_config'], '/o'],
])('%j is refused at %s', (overrides, path) => {
  const checked = checkOverrides(overrides, '/o')
  expect(checked.overrides).toEqual({})
  expect(checked.refused).toEqual([{ path, message: expect.any(String) }])
})

test('a prototype cannot be reached', () => {
  const overrides: unknown = JSON.parse('{"prompt_config":{"dynamic_vars":{"__proto__":{"polluted":true}}}}')
  const { content: changed } = applyOverrides(content, overrides as never)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  expect(JSON.stringify(changed)).not.toContain('polluted')
})
