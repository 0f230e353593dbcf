import { expect, test } from 'vitest'
import { parseBody } from './json-body.ts'

const read = (body: unknown) => parseBody('application/json', Buffer.from(JSON.stringify(body)))

test('a body of many small values is refused before anything follows them; a long text is one value', () => {
  const tooMany = { code: 'too_large', message: 'The body has too many values.' }
  expect(() => read({ tags: Array.from({ length: 60_000 }, () => 1) })).toThrow(expect.objectContaining(tooMany))
  expect(() => read(Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`k${at}`, {}])))).toThrow(
    expect.objectContaining(tooMany),
  )
  expect(() => read({ a: Array.from({ length: 20_000 }, () => [[[{}]]]) })).toThrow(expect.objectContaining(tooMany))
  expect(read({ text: 'x'.repeat(1_000_000), list: Array.from({ length: 40_000 }, () => 1) })).toBeDefined()
})
