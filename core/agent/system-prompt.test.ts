import { expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import { slugAgentId } from './agent-slug.ts'
import { blankAgent } from './blank-agent.ts'
import { AgentDocument } from './document.ts'
import type { StructuredOutput } from '../providers/index.ts'
import { outputWayOf, toolWayOf } from '../tools/tool-way.ts'
import { systemPrompt } from './system-prompt.ts'
import { countTokens, estimateTokens } from './tokens.ts'

const blank = blankAgent(AgentId.parse('ada'), 'Ada')
const prompted = (structured_output: StructuredOutput, variables = {}, more: object = {}) =>
  systemPrompt(AgentDocument.parse({ ...blank, ...more, llm_config: { provider: 'openai', structured_output } }), variables)

test('the model gets the rendered prompt and how to answer; the schema only where nobody enforces it', () => {
  const enforced = prompted('json_schema', { user_details: { name: 'Bo' } })
  expect(enforced).toContain('The caller is Bo.')
  expect(enforced).toContain('`system_response` is read aloud')
  expect(enforced).toContain('`voice_instructions` says how the voice sounds')
  expect(enforced).not.toContain('"properties"')
  for (const mode of ['json_object', 'prompt'] as const) {
    const told = prompted(mode)
    expect(told).toContain('in this order: voice_instructions, system_response.')
    expect(told).toContain('At most 80 characters.')
    expect(told).toContain('JSON')
  }
  expect(prompted('prompt')).toContain('Begin your reply with {')
})

test('without fields nothing is said about JSON', () => {
  const plain = AgentDocument.parse({
    agent_id: 'a',
    name: 'A',
    prompt_config: { instructions: 'Be {{ how | default: "kind" }}.\n' },
  })
  expect(systemPrompt(plain, {})).toBe('Be kind.')
})

test('how the schema is told follows the document', () => {
  const way = (llm_config: object, tools: readonly object[] = []) =>
    outputWayOf(AgentDocument.parse({ ...blank, llm_config, tools }))
  const openai = { provider: 'openai', model: 'gpt-4.1-mini' }
  expect(way(openai)).toBe('json_schema')
  expect(way({ ...openai, supports_structured_output: false })).toBe('prompt')
  expect(way({ ...openai, supports_structured_output: false, structured_output: 'json_object' })).toBe('json_object')
})

const end_call = { type: 'end_call', name: 'hang_up' }

test('tools are told by the protocol where it can, and then the schema goes along only where both are taken', () => {
  const told = (llm_config: object, tools: readonly object[] = [end_call]) => {
    const document = AgentDocument.parse({ ...blank, llm_config, tools })
    return [toolWayOf(document), outputWayOf(document)]
  }
  expect(told({ provider: 'openai', model: 'gpt-4.1-mini' })).toEqual(['native', 'json_schema'])
  expect(told({ provider: 'google', model: 'gemini-3.5-flash' })).toEqual(['native', 'json_schema'])
  expect(told({ provider: 'google', model: 'gemini-2.5-flash' })).toEqual(['native', 'prompt'])
  expect(told({ provider: 'ollama', model: 'qwen3:4b' })).toEqual(['native', 'prompt'])
  expect(told({ provider: 'ollama', model: 'qwen3:4b' }, [{ type: 'mcp', name: 'later' }])).toEqual(['none', 'json_schema'])
  expect(told({ provider: 'openai', structured_output: 'prompt' })).toEqual(['words', 'prompt'])
  expect(told({ provider: 'builtin' })[0]).toBe('words')
  expect(prompted('prompt', {}, { tools: [end_call] })).toContain('- hang_up: Ends the call.')
  expect(prompted('json_schema', {}, { tools: [end_call] })).not.toContain('hang_up')
})

test('the quick count of tokens is near the real one', async () => {
  expect(await countTokens('say <|endoftext|>')).toBeGreaterThan(3)
  const real = await countTokens(blank.prompt_config.instructions)
  expect(Math.abs(estimateTokens(blank.prompt_config.instructions) - real) / real).toBeLessThan(0.1)
})

test.each([
  ['Groq agent', 'groq-agent'],
  ['  Café Zürich!! ', 'cafe-zurich'],
  ['PTE interview v1.2', 'pte-interview-v1.2'],
  ['客服', 'agent'],
  ['Current', 'current-agent'],
  ['-._x', 'x'],
  ['a'.repeat(63) + ' b', 'a'.repeat(63)],
])('the id of "%s" is %s', (name, id) => {
  expect(slugAgentId(name)).toBe(id)
})
