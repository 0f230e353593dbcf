import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffOutputs } from './output-diff.ts'

test('numbers, lists, texts, new and missing fields each have their own kind', () => {
  const before = { stage: 'a', score: 7, flags: ['late'], note: 'Thank you, that is clear.', old: 1 }
  const after = { stage: 'a', score: 6, flags: ['late', 'vague'], note: 'Thank you, that is clearer.', fresh: true }
  const diff = Object.fromEntries(diffOutputs(before, after).map(({ name, ...rest }) => [name, rest]))
  expect(diff.stage).toEqual({ kind: 'same', value: 'a' })
  expect(diff.score).toEqual({ kind: 'number', before: 7, after: 6 })
  expect(diff.flags).toEqual({
    kind: 'list',
    items: [
      { kind: 'same', value: 'late' },
      { kind: 'new', value: 'vague' },
    ],
  })
  expect(diff.note).toEqual({
    kind: 'text',
    words: [
      { kind: 'same', text: 'Thank you, that is ' },
      { kind: 'gone', text: 'clear.' },
      { kind: 'new', text: 'clearer.' },
    ],
  })
  expect(diff.fresh).toEqual({ kind: 'new', value: true })
  expect(diff.old).toEqual({ kind: 'gone', value: 1 })
})

test('two different sentences are a replacement', () => {
  expect(diffOutputs({ say: 'Good morning, your passport please' }, { say: 'Which hospital was it?' })[0]).toMatchObject({
    kind: 'replaced',
  })
})

test('what stayed and went is the earlier text, what stayed and came the later one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'dd'), { maxLength: 12 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffOutputs({ x: before }, { x: after })[0]
      if (diff?.kind !== 'text') return
      const join = (kind: 'gone' | 'new') =>
        diff.words
          .filter((word) => word.kind === 'same' || word.kind === kind)
          .map((word) => word.text)
          .join('')
      expect([join('gone'), join('new')]).toEqual([before, after])
    }),
  )
})
