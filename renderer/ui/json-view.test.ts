import { expect, test } from 'vitest'
import { jsonParts } from './json-view.tsx'

test('colouring adds nothing and loses nothing', () => {
  const source = JSON.stringify({ a: 'x "y" {1}', b: [1, -2.5e3, true, null], 'k:': '' }, null, 2)
  expect(
    jsonParts(source)
      .map(({ text }) => text)
      .join(''),
  ).toBe(source)
  expect(jsonParts('{"a": "b"}').map(({ kind }) => kind)).toEqual([undefined, 'key', undefined, undefined, 'str', undefined])
})
