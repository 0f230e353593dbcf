import { expect, test } from 'vitest'
import { promptOpening } from './prompt-opening.ts'

const prompt =
  '# Who you are\nYou are Robin. You are calm!\n\n# How you speak\n- One sentence.\n2. Then another one, which is long.'

test('a short prompt is kept as it is', () => {
  expect(promptOpening(prompt, 1000)).toBe(prompt)
})

test('of a long one the first whole sentences are shown, without headings and bullets', () => {
  expect(promptOpening(prompt, 60)).toBe('You are Robin. You are calm! One sentence.')
  expect(promptOpening(prompt, 20)).toBe('You are Robin.')
  expect(promptOpening('x'.repeat(50), 10)).toBe('x'.repeat(10))
})
