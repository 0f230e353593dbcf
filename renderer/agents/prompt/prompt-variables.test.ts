import { expect, test } from 'vitest'
import { parseValue } from '../parse-value.ts'
import { promptTemplate, removeVariable, setVariable, variableRows } from './prompt-variables.ts'
import { usedVariables } from './used-variables.ts'

const content = {
  prompt_config: {
    instructions: 'Hello {{ user.name }}, {{ country }}',
    greeting: 'Welcome {{ place }}',
    dynamic_vars: { country: 'Australia', unused: { default: 3, description: 'Nobody asks', 'x-own': true } },
  },
}

test('declared and used variables are shown together', () => {
  expect(variableRows(content, usedVariables(promptTemplate(content)))).toEqual([
    { name: 'country', default: 'Australia', description: '', used: true, declared: true },
    { name: 'unused', default: '3', description: 'Nobody asks', used: false, declared: true },
    { name: 'user.name', default: '', description: '', used: true, declared: false },
    { name: 'place', default: '', description: '', used: true, declared: false },
  ])
})

test('a description joins a bare default, and foreign keys stay', () => {
  const described = setVariable(content, 'country', 'description', 'Where to')
  expect(described).toMatchObject({
    prompt_config: { dynamic_vars: { country: { default: 'Australia', description: 'Where to' } } },
  })
  const changed = setVariable(content, 'unused', 'default', '')
  expect(changed).toMatchObject({ prompt_config: { dynamic_vars: { unused: { description: 'Nobody asks', 'x-own': true } } } })
})

test('values keep their type', () => {
  expect([parseValue('3'), parseValue('true'), parseValue('["a"]'), parseValue('3 apples'), parseValue('')]).toEqual([
    3,
    true,
    ['a'],
    '3 apples',
    undefined,
  ])
})

test('a removed variable is only gone from the declarations', () => {
  const rest = removeVariable(content, 'country')
  expect(variableRows(rest, usedVariables(promptTemplate(rest))).find(({ name }) => name === 'country')).toMatchObject({
    declared: false,
    used: true,
  })
})
