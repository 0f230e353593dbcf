import { expect, test } from 'vitest'
import { percent, progressText } from './fetch-state.ts'

const progress = {
  id: 'starter',
  phase: 'downloading',
  item: 'voice',
  done_bytes: 12_000_000,
  total_bytes: 48_000_000,
} as const

test('progress is told in words and as a share', () => {
  expect(progressText(progress)).toBe('Downloading voice: 12 MB of 48 MB')
  expect(percent(progress)).toBe(25)
  expect(percent({ ...progress, total_bytes: 0 })).toBe(0)
  expect(progressText({ ...progress, phase: 'verifying', total_bytes: 0 })).toBe('Checking voice')
})
