import { expect, test } from 'vitest'
import { moved, withSource } from './source-order.ts'

test('sources are kept once, in the order in which they are asked', () => {
  expect(withSource(['/a'], ' https://m.example ')).toEqual(['/a', 'https://m.example'])
  expect(withSource(['/a'], '/a')).toEqual(['/a'])
  expect(withSource(['/a'], '  ')).toEqual(['/a'])
  expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
})
