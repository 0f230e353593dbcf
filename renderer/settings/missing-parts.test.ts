import { expect, test } from 'vitest'
import { missingParts } from './missing-parts.ts'

test('what an offline call would do without', () => {
  expect(missingParts([])).toEqual(['hearing', 'thinking', 'speaking'])
  expect(
    missingParts([
      { kind: 'stt', installed: true },
      { kind: 'llm', installed: false },
    ]),
  ).toEqual(['thinking', 'speaking'])
})
