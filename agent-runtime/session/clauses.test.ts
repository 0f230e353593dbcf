import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clauses } from './clauses.ts'

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<string> {
  for (let at = 0, index = 0; at < text.length; index++) {
    const size = sizes[index % sizes.length] ?? 1
    yield text.slice(at, at + size)
    at += size
  }
}
const cut = (text: string, sizes: readonly number[] = [3]) => Array.fromAsync(clauses(inPieces(text, sizes)))

test('the first clause is short, then whole sentences', async () => {
  expect(await cut('Well, thank you for that, Ana. It was good to hear, really. And what comes next?')).toEqual([
    'Well, thank you for that, ',
    'Ana. It was good to hear, really. ',
    'And what comes next?',
  ])
})

test('without a mark the first clause ends after eight words', async () => {
  expect(await cut('I would like to know how you came to this work in the end')).toEqual([
    'I would like to know how you came ',
    'to this work in the end',
  ])
})

test('a number or an address is not the end of a sentence', async () => {
  expect(await cut('It costs 3.50 euros on example.com today, I think.')).toEqual([
    'It costs 3.50 euros on example.com today, ',
    'I think.',
  ])
})

test('a clause is given out as soon as its end is sure, not when the text ends', async () => {
  let ended = false
  async function* endless() {
    yield 'This is the first part, and '
    await new Promise(() => {})
    ended = true
  }
  const { value } = await clauses(endless()).next()
  expect(value).toBe('This is the first part, ')
  expect(ended).toBe(false)
})

test('nothing is lost, whatever the text and its pieces', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.array(fc.constantFrom('word', 'a', ', ', '. ', ' ', '。', '!', '\n'), { maxLength: 80 }).map((all) => all.join('')),
  )
  await fc.assert(
    fc.asyncProperty(anyText, fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }), async (text, sizes) => {
      expect((await cut(text, sizes)).join('')).toBe(text)
    }),
  )
})
