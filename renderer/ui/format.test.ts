import { expect, test } from 'vitest'
import { formatBytes } from './format.ts'

test('bytes are told as people read them', () => {
  expect([0, 812, 4200, 118_000_000, 2_500_000_000].map(formatBytes)).toEqual(['0 B', '812 B', '4.2 kB', '118 MB', '2.5 GB'])
})
