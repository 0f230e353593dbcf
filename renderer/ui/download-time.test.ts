import { expect, test } from 'vitest'
import { downloadTime } from './download-time.ts'

test('a size as a time on a line that is named', () => {
  expect(downloadTime(204e6)).toBe('about 85 s at 20 Mbit/s')
  expect(downloadTime(2.4e9)).toBe('about 16 min at 20 Mbit/s')
  expect(downloadTime(18e9)).toBe('about 2 h at 20 Mbit/s')
})
