import { expect, test } from 'vitest'
import { AgentId } from '../contract/ids.ts'
import { slugAgentId } from './agent-slug.ts'
import { blankAgent } from './blank-agent.ts'
import { AgentDocument } from './document.ts'
import { structuredOutputOf, systemPrompt } from './system-prompt.ts'
import { countTokens, estimateTokens } from './tokens.ts'

const blank = blankAgent(AgentId.parse('ada'), 'Ada')

test('the model gets the rendered prompt and how to answer; the schema only where nobody enforces it', () => {
  const enforced = systemPrompt(blank, { user_details: { name: 'Bo' } }, 'json_schema')
  expect(enforced).toContain('The caller is Bo.')
  expect(enforced).toContain('`system_response` is read aloud')
  expect(enforced).toContain('`voice_instructions` says how the voice sounds')
  expect(enforced).not.toContain('"properties"')
  for (const mode of ['json_object', 'prompt'] as const) {
    const told = systemPrompt(blank, {}, mode)
    expect(told).toContain('in this order: voice_instructions, system_response.')
    expect(told).toContain('At most 80 characters.')
    expect(told).toContain('JSON')
  }
  expect(systemPrompt(blank, {}, 'prompt')).toContain('Begin your reply with {')
})

test('without fields nothing is said about JSON', () => {
  const plain = AgentDocument.parse({
    agent_id: 'a',
    name: 'A',
    prompt_config: { instructions: 'Be {{ how | default: "kind" }}.\n' },
  })
  expect(systemPrompt(plain, {}, 'prompt')).toBe('Be kind.')
})

test('how the schema is told follows the document', () => {
  expect(structuredOutputOf({})).toBe('json_schema')
  expect(structuredOutputOf({ supports_structured_output: false })).toBe('prompt')
  expect(structuredOutputOf({ supports_structured_output: false, structured_output: 'json_object' })).toBe('json_object')
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
