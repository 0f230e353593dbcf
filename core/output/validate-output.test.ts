import { describe, expect, test } from 'vitest'
import type { Json } from '../json.ts'
import type { FieldRule } from './field-rule.ts'
import { validateField, validateOutput } from './validate-output.ts'

const field = (field_type: string, constraints: FieldRule['constraints'] = {}, more: Partial<FieldRule> = {}): FieldRule => ({
  field_name: 'x',
  field_type,
  required: true,
  constraints,
  ...more,
})
const messages = (rule: FieldRule, value: Json) => validateField(rule, value).map(({ message }) => message)

describe('types', () => {
  test.each<[string, Json[], Json[]]>([
    ['str', ['', 'a'], [1, true, ['a'], {}]],
    ['int', [0, -3, 1e3], [1.5, '1', true, 2 ** 60]],
    ['float', [0, 1.5, -2], ['1', false]],
    ['bool', [true, false], [0, 'true']],
    ['list[str]', [[], ['a']], ['a', { 0: 'a' }]],
    ['list[int]', [[], [1, 2]], [1, '1']],
    [`Literal['a', "it's"]`, ['a', "it's"], ['b', 1, 'A']],
  ])('%s', (type, good, bad) => {
    for (const value of good) expect(messages(field(type), value)).toEqual([])
    for (const value of bad) expect(messages(field(type), value)).toHaveLength(1)
    expect(messages(field(type), null)).toEqual(['must not be null: the field is required'])
    expect(messages(field(type, {}, { required: false }), null)).toEqual([])
  })

  test('an item of a list is pointed at', () => {
    expect(validateField(field('list[int]'), [1, 'two', 3])).toEqual([
      { path: '/x/1', message: 'must be a whole number; it is "two"' },
    ])
  })
})

describe('constraints', () => {
  test.each<[string, FieldRule['constraints'], Json, string]>([
    ['int', { ge: 1 }, 0, 'must be at least 1; it is 0'],
    ['int', { gt: 1 }, 1, 'must be more than 1; it is 1'],
    ['int', { le: 10 }, 11, 'must be at most 10; it is 11'],
    ['float', { lt: 1 }, 1, 'must be less than 1; it is 1'],
    ['int', { multiple_of: 5 }, 7, 'must be a multiple of 5; it is 7'],
    ['str', { min_length: 2 }, 'é', 'must have at least 2 characters; it has 1'],
    ['str', { max_length: 1 }, '😀😀', 'must have at most 1 character; it has 2'],
    ['str', { pattern: '^a' }, 'ba', 'must match ^a; it is "ba"'],
    ['list[str]', { min_items: 1 }, [], 'must have at least 1 item; it has 0'],
    ['list[str]', { max_items: 1 }, ['a', 'b'], 'must have at most 1 item; it has 2'],
    ['list[str]', { max_length: 2 }, ['abc'], 'must have at most 2 characters; it has 3'],
    ['list[int]', { ge: 0 }, [-1], 'must be at least 0; it is -1'],
  ])('%s %o refuses %o', (type, constraints, value, message) => {
    expect(messages(field(type, constraints), value)).toEqual([message])
  })

  test('limits themselves are allowed, and decimal steps mean what they say', () => {
    expect(messages(field('int', { ge: 1, le: 1 }), 1)).toEqual([])
    expect(messages(field('float', { multiple_of: 0.1 }), 0.3)).toEqual([])
    expect(messages(field('float', { multiple_of: 0.1 }), 0.35)).toHaveLength(1)
    expect(messages(field('str', { max_length: 2 }), '😀😀')).toEqual([])
  })
})

describe('a whole output', () => {
  const fields = [
    field('str', {}, { field_name: 'said' }),
    field('int', { ge: 1, le: 10 }, { field_name: 'score', required: false, default: 5 }),
    field('list[str]', {}, { field_name: 'flags', required: false }),
  ]

  test('null and nothing for an optional field become its default, else null; the order is the table’s', () => {
    const { output, problems } = validateOutput(fields, { flags: null, score: null, said: 'hi' })
    expect(JSON.stringify(output)).toBe('{"said":"hi","score":5,"flags":null}')
    expect(problems).toEqual([])
    expect(validateOutput(fields, { said: 'hi' }).output).toEqual({ said: 'hi', score: 5, flags: null })
  })

  test('missing, wrong and unknown fields are pointed at, and nothing is lost', () => {
    const { output, problems } = validateOutput(fields, { score: 11, 'a/b': 1 })
    expect(problems).toEqual([
      { path: '/said', message: '"said" is missing' },
      { path: '/score', message: 'must be at most 10; it is 11' },
      { path: '/a~1b', message: '"a/b" is not a field of this agent' },
    ])
    expect(output).toEqual({ score: 11, flags: null, 'a/b': 1 })
  })

  test('names from Object.prototype are data', () => {
    const output = JSON.parse('{"said":"hi","__proto__":{"x":1}}')
    expect(Object.keys(validateOutput(fields, output).output)).toEqual(['said', 'score', 'flags', '__proto__'])
    expect(validateOutput([field('str', {}, { field_name: 'constructor' })], {}).problems).toHaveLength(1)
  })
})
