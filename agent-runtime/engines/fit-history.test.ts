import { expect, test } from 'vitest'
import { fitHistory } from './fit-history.ts'

const turns = (count: number) => Array.from({ length: count }, (_, index) => ({ message: index, tokens: 10 }))
const shown = (count: number, room: number, dropped = 0) => {
  const found = fitHistory(turns(count), { fixed: 1, room, dropped })
  return [found.messages.map(({ message }) => message), found.dropped]
}

test('what fits is shown whole', () => {
  expect(shown(5, 50)).toEqual([[0, 1, 2, 3, 4], 0])
})

test('what does not fit loses its oldest turns, and enough of them to fit for a while', () => {
  expect(shown(11, 90)).toEqual([[0, 7, 8, 9, 10], 6])
  expect(shown(12, 90, 6)).toEqual([[0, 7, 8, 9, 10, 11], 6])
  expect(shown(15, 90, 6)).toEqual([[0, 7, 8, 9, 10, 11, 12, 13, 14], 6])
  expect(shown(16, 90, 6)).toEqual([[0, 12, 13, 14, 15], 11])
})

test('the first and the last are always shown', () => {
  expect(shown(4, 15)).toEqual([[0, 3], 2])
  expect(shown(2, 50, 40)).toEqual([[0, 1], 0])
})
