import fc from 'fast-check'
import { expect, test } from 'vitest'
import { templateTokens } from './template-tokens.ts'

test('in a JSON body keys, strings and Liquid are told apart, also Liquid within a string', () => {
  expect(templateTokens('{"id": "a-{{ arguments.id }}", "n": 1}')).toEqual([
    { kind: 'plain', text: '{' },
    { kind: 'key', text: '"id"' },
    { kind: 'plain', text: ':' },
    { kind: 'plain', text: ' ' },
    { kind: 'string', text: '"a-' },
    { kind: 'liquid', text: '{{ arguments.id }}' },
    { kind: 'string', text: '"' },
    { kind: 'plain', text: ', ' },
    { kind: 'key', text: '"n"' },
    { kind: 'plain', text: ':' },
    { kind: 'plain', text: ' ' },
    { kind: 'number', text: '1' },
    { kind: 'plain', text: '}' },
  ])
  expect(templateTokens('https://a/{{ x }}?q=1').map(({ kind }) => kind)).toEqual(['plain', 'liquid', 'plain'])
})

test('no character is lost, whatever is typed', () => {
  const piece = fc.constantFrom('{{', '}}', '{%', '%}', '"', '{', '}', ':', 'a', '1', ' ', '\n', '\\')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const template = pieces.join('')
      expect(
        templateTokens(template)
          .map(({ text }) => text)
          .join(''),
      ).toBe(template)
    }),
  )
})
