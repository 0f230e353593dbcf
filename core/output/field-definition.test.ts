import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { Field } from './field.ts'
import { toProblems } from '../contract/errors.ts'

const problems = (field: Record<string, Json>) => {
  const parsed = Field.safeParse({ field_name: 'x', ...field })
  return parsed.success ? [] : toProblems(parsed.error)
}

test.each<[string, Record<string, Json>, string, RegExp]>([
  [
    'a limit of another type',
    { field_type: 'int', constraints: { max_length: 3 } },
    '/constraints/max_length',
    /means nothing for int; this type takes ge/,
  ],
  ['a limit on choices', { field_type: `Literal['a']`, constraints: { ge: 1 } }, '/constraints/ge', /takes no constraints/],
  [
    'a broken pattern',
    { field_type: 'str', constraints: { pattern: '(a' } },
    '/constraints/pattern',
    /not a regular expression: .*group/,
  ],
  [
    'lengths that nothing meets',
    { field_type: 'str', constraints: { min_length: 5, max_length: 2 } },
    '/constraints/max_length',
    /less than min_length/,
  ],
  ['limits that no number meets', { field_type: 'float', constraints: { gt: 1, le: 1 } }, '/constraints/le', /no number/],
  [
    'limits that no whole number meets',
    { field_type: 'int', constraints: { gt: 1, lt: 2 } },
    '/constraints/lt',
    /no whole number/,
  ],
  [
    'items that no list has',
    { field_type: 'list[str]', constraints: { min_items: 3, max_items: 1 } },
    '/constraints/max_items',
    /no list/,
  ],
  ['a default of another type', { field_type: 'int', default: 'seven' }, '/default', /must be a whole number; it is "seven"/],
  ['a default out of its limits', { field_type: 'int', default: 11, constraints: { le: 10 } }, '/default', /at most 10/],
  ['a default item', { field_type: 'list[int]', default: [1, 'b'] }, '/default/1', /whole number/],
  ['a default that is no choice', { field_type: `Literal['a']`, default: 'b' }, '/default', /one of "a"/],
  ['null for a required field', { field_type: 'str', default: null }, '/default', /cannot be null/],
  ['a reserved word', { field_type: 'str', field_name: 'class' }, '/field_name', /reserved word/],
  ['a name in capitals', { field_type: 'str', field_name: 'redFlags' }, '/field_name', /snake_case/],
  ['a type that is none', { field_type: 'string' }, '/field_type', /is not a field type/],
  ['choices without quotes', { field_type: 'Literal[a, b]' }, '/field_type', /must be quoted/],
  ['a negative length', { field_type: 'str', constraints: { min_length: -1 } }, '/constraints/min_length', /./],
])('%s is refused, with its place and reason', (_what, field, path, message) => {
  expect(problems(field)).toEqual([{ path, message: expect.stringMatching(message) as string }])
})

test('a pattern that cannot be matched is refused where it stands', () => {
  expect(problems({ field_type: 'str', constraints: { pattern: '(?=a)b' } })).toEqual([
    { path: '/constraints/pattern', message: expect.stringMatching(/sure to end/) as string },
  ])
})

test.each(['^[a-z]+(-[a-z]+)*$', '^(\\w+ )+$', '^\\(a+\\)+$', '(ab)+c*'])('%s is fine', (pattern) => {
  expect(problems({ field_type: 'str', constraints: { pattern } })).toEqual([])
})

test('what is sound passes, unknown keys included', () => {
  expect(problems({ field_type: 'int', default: 5, constraints: { ge: 1, le: 10, multiple_of: 5, 'x-unit': 'points' } })).toEqual(
    [],
  )
  expect(
    problems({ field_type: 'list[str]', default: ['a'], constraints: { max_items: 2, max_length: 3, pattern: '^a' } }),
  ).toEqual([])
  expect(problems({ field_type: 'str', required: false, default: null })).toEqual([])
})
