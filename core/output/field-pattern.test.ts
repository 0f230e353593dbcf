import { expect, test } from 'vitest'
import { fieldPattern } from './field-pattern.ts'

const matches = (source: string, text: string): boolean => {
  const pattern = fieldPattern(source)
  if (!pattern.ok) throw new Error(pattern.problem)
  return pattern.matches(text)
}

test.each([
  ['^[A-Z]{2}\\d{4}$', 'AB1234', 'AB123'],
  ['\\d{3}', 'room 404', 'room 40'],
  ['^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$', 'ana@example.com', 'ana at example.com'],
  ['^\\p{Lu}\\p{L}+$', 'Élodie', 'élodie'],
  ['^.$', '😀', '😀😀'],
  ['^\\u00e9\\u{1F600}\\/$', 'é😀/', 'e😀/'],
  ['^(?<area>\\d+)-(?:\\d+)$', '030-12', '030'],
  ['^(red|green)$', 'green', 'blue'],
])('%s matches %j and not %j', (source, yes, no) => {
  expect([matches(source, yes), matches(source, no)]).toEqual([true, false])
})

test.each(['^(a+)+$', '^(?:a|a)*$', '^(a|b|ab)*c$', '(x+x+)+y', '^(\\w+\\s?)*$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
  '%s, which keeps other engines busy for ever, ends',
  (source) => {
    expect(matches(source, `${'a'.repeat(20_000)}!`)).toBe(false)
  },
)

test.each([
  ['[a-z', /not a regular expression/],
  ['(?=a)b', /sure to end/],
  ['(a)\\1', /sure to end/],
  ['((a{100}){100}){100}', /sure to end/],
  ['a'.repeat(501), /longer than 500/],
])('%.20s is refused with the reason', (source, reason) => {
  expect(fieldPattern(source)).toEqual({ ok: false, problem: expect.stringMatching(reason) as string })
})
