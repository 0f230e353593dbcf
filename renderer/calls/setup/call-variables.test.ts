import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { callVariables, variableValues } from './call-variables.ts'

const document = AgentDocument.parse({
  agent_id: 'ada',
  name: 'Ada',
  prompt_config: {
    instructions:
      'Talk to {{ user_details.name }} about {{ topic | default: "tea" }} for {{ minutes }} minutes in {{ country }}.',
    dynamic_vars: { user_details: { description: 'Who calls', default: { name: 'Ana' } }, minutes: 5, country: 'Peru' },
  },
})

test('declared variables come with their defaults, then what the prompt only uses', () => {
  expect(callVariables(document).map(({ name, fallback, declared, required }) => [name, fallback, declared, required])).toEqual([
    ['user_details.name', 'Ana', true, false],
    ['minutes', '5', true, false],
    ['country', 'Peru', true, false],
    ['topic', '', false, false],
  ])
})

test('typed values are nested by their dots and keep the kind of their default', () => {
  const variables = callVariables(document)
  expect(variableValues(variables, { 'user_details.name': ' Zoë ', minutes: '12', country: '42', topic: '' })).toEqual({
    user_details: { name: 'Zoë' },
    minutes: 12,
    country: '42',
  })
})
