import { expect, test } from 'vitest'
import { placeName, tabOf } from './finding-place.ts'

test('a pointer leads to its tab and is named as people say it', () => {
  expect(tabOf('/schema_config/fields/2')).toBe('output')
  expect(placeName('/prompt_config/instructions')).toBe('prompt › instructions')
  expect(placeName('/schema_config/fields/2/constraints/ge')).toBe('output › field 3 › constraints › ge')
  expect(tabOf('/tools/1/url')).toBe('tools')
  expect(placeName('/tools/1/parameters/0/description')).toBe('tool 2 › parameter 1 › description')
  expect(placeName('')).toBe('')
})
