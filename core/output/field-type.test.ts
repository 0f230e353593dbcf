import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fieldNameProblem } from './field-name.ts'
import { formatLiteral, parseFieldType } from './field-type.ts'

test('any choices survive being written and read', () => {
  const choices = fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(choices, (values) => {
      expect(parseFieldType(formatLiteral(values))).toEqual({ ok: true, type: { kind: 'literal', values } })
    }),
  )
})

test.each([
  [`Literal["it's", 'b']`, ["it's", 'b']],
  [` Literal [ 'a' ,'b', ] `, ['a', 'b']],
  [String.raw`Literal['it\'s', "say \"hi\"", 'back\\slash']`, ["it's", 'say "hi"', 'back\\slash']],
  [`Literal['a, b', '[c]']`, ['a, b', '[c]']],
])('%s', (text, values) => {
  expect(parseFieldType(text)).toEqual({ ok: true, type: { kind: 'literal', values } })
})

test.each([
  ['Literal[]', /at least one choice/],
  ['Literal[a]', /must be quoted/],
  [`Literal['a' 'b']`, /separated by commas/],
  [`Literal['a', 1]`, /must be quoted/],
  [`Literal['a', 'a']`, /"a" is there twice/],
  [`Literal['a`, /not a field type/],
  ['string', /use str, int/],
  ['list[float]', /not a field type/],
  ['', /not a field type/],
])('%s is refused with the reason', (text, problem) => {
  expect(parseFieldType(text)).toEqual({ ok: false, problem: expect.stringMatching(problem) as string })
})

test('names of fields', () => {
  for (const name of ['a', 'red_flags', 'x1', 'a'.repeat(40)]) expect(fieldNameProblem(name)).toBeUndefined()
  for (const name of [
    '',
    '1a',
    '_a',
    'redFlags',
    'red flags',
    'é',
    '__proto__',
    'class',
    'None',
    'lambda',
    'typeof',
    'a'.repeat(41),
  ])
    expect(fieldNameProblem(name)).toBeTypeOf('string')
})
