import { expect, test } from 'vitest'
import { nextVersions } from './next-version.ts'

test('the next versions follow the latest', () => {
  expect(nextVersions('1.2.3')).toEqual({ major: '2.0.0', minor: '1.3.0', patch: '1.2.4' })
  expect(nextVersions(undefined).minor).toBe('1.0.0')
  expect(nextVersions('2.0.0-beta.1').patch).toBe('2.0.0')
})
