import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { systemPrompt } from '../../../core/agent/system-prompt.ts'
import { llmProfile } from '../../../core/local-models/llm-profiles.ts'
import { builtinForm } from './builtin-request.ts'

const agent = (llm_config: object, fields: readonly object[] = FIELDS) =>
  AgentDocument.parse({
    agent_id: 'ada',
    name: 'Ada',
    prompt_config: { instructions: 'Talk about bicycles.' },
    schema_config: { fields },
    llm_config: { provider: 'builtin', ...llm_config },
  })
const FIELDS = [
  { field_name: 'voice_instructions', field_type: 'str', description: 'How it sounds.' },
  { field_name: 'system_response', field_type: 'str', description: 'What is said.' },
  { field_name: 'stage', field_type: "Literal['opening', 'closing']", description: 'Where we are.' },
]
const reply = '{"voice_instructions":"Calm.","system_response":"Hello there.","stage":"opening"}'
const ask = (document: AgentDocument) =>
  builtinForm(document).request('call', [
    { role: 'system', content: systemPrompt(document, {}) },
    { role: 'user', content: 'Hi.' },
    { role: 'assistant', content: reply },
    { role: 'user', content: 'I like bells.' },
  ])

test.each([
  ['smollm2-135m-instruct', true, 'speech'],
  ['SmolLM2-135M-Instruct.Q4_1', true, 'speech'],
  ['smollm2-360m-instruct', true, 'speech'],
  ['qwen2.5-0.5b-instruct', false, 'json'],
  ['Qwen3-1.7B-Q4_K_M', false, 'json'],
  ['llama-3.2-3b-instruct', false, 'json'],
  ['my-own-model', false, 'json'],
])('%s has the profile of its size', (model_id, demo, form) => {
  expect(llmProfile(model_id)).toMatchObject({ demo, form })
})

test('a tiny model sees the bare instructions, examples, and what was said; it is held to its own way of writing', () => {
  const request = ask(agent({ model: 'smollm2-135m-instruct' }))
  const { examples, temperature } = llmProfile('smollm2-135m-instruct')
  expect(request.messages).toEqual([
    { role: 'system', content: 'Talk about bicycles.' },
    ...examples.flatMap(({ user, assistant }) => [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ]),
    { role: 'user', content: 'Hi.' },
    { role: 'assistant', content: 'Hello there.' },
    { role: 'user', content: 'I like bells.' },
  ])
  expect(request).toMatchObject({ model: 'smollm2-135m-instruct', conversation: 'call', temperature })
  expect(request.grammar).toMatch(/^root ::= "\(" f0 "\) "/)
})

test('a larger one is told what each field means, and sees its own output', () => {
  const { messages, grammar } = ask(agent({ model: 'qwen3-1.7b', temperature: 0, max_tokens: 77 }))
  expect(messages[0]?.content).toBe(
    [
      'Talk about bicycles.\n\nAnswer each time with a JSON object of these fields:',
      '- voice_instructions: How it sounds.',
      '- system_response: What is said. This is said aloud: one or two short sentences of plain words.',
      '- stage: Where we are. One of: opening, closing.',
    ].join('\n'),
  )
  expect(messages[2]?.content).toBe(reply)
  expect(grammar).toContain(String.raw`root ::= "{" "\"voice_instructions\":" f0`)
  expect(ask(agent({ model: 'qwen3-1.7b', temperature: 0, max_tokens: 77 }))).toMatchObject({ temperature: 0, max_tokens: 77 })
})

test('an agent without fields speaks as it likes, and a tiny model still in short questions', () => {
  expect(ask(agent({ model: 'qwen3-1.7b' }, [])).grammar).toBeUndefined()
  expect(ask(agent({ model: 'smollm2-135m-instruct' }, [])).grammar).toContain('asked')
})
