import { expect, test } from 'vitest'
import { suggest, variableDetail } from './completions.ts'

const words = { variables: [{ name: 'user.name', detail: '' }], fields: [{ name: 'score', detail: 'int' }] }
const labels = (before: string) => suggest(before, words).map(({ label }) => label)

test('inside braces variables are offered, after a bar filters, elsewhere fields', () => {
  expect(labels('Hello {{ us')).toEqual(['user.name'])
  expect(labels('{% if us')).toEqual(['user.name'])
  expect(labels('{{ name | def')).toContain('default')
  expect(labels('{{ name }} and sc')).toEqual(['score', '{{ user.name }}'])
})

test('a variable is told by its description, else its default', () => {
  expect(variableDetail({ description: 'Who calls', default: 'Ana' })).toBe('Who calls')
  expect(variableDetail('Ana')).toBe('default: Ana')
  expect(variableDetail({ default: { a: 1 } })).toBe('default: {"a":1}')
  expect(variableDetail(undefined)).toBe('used in this prompt')
})
