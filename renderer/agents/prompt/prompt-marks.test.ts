import { expect, test } from 'vitest'
import { findMarks } from './prompt-marks.ts'

test('variables and whole field names are marked, parts of words are not', () => {
  const text = 'Ask {{ user.name }} for score, not scores. {% if x %}'
  const found = findMarks(text, ['score', 'a.b']).map(({ start, end, kind }) => [text.slice(start, end), kind])
  expect(found).toEqual([
    ['{{ user.name }}', 'variable'],
    ['{% if x %}', 'variable'],
    ['score', 'field'],
  ])
})

test('without fields only variables are marked', () => {
  expect(findMarks('score {{ a }}', [])).toHaveLength(1)
})
