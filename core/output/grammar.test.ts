import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isJsonObject, parseJson } from '../json.ts'
import type { FieldRule } from './field-rule.ts'
import { toGrammar, toSpeechGrammar, type GrammarShape } from './grammar.ts'
import { spokenForm } from './spoken-form.ts'
import { fieldTable } from './testing/field-tables.ts'
import { grammarSampler } from './testing/grammar-sampler.ts'
import { validateOutput } from './validate-output.ts'

const shape: GrammarShape = {
  spoken_field: 'system_response',
  spoken: 'short_question',
  style_field: 'voice_instructions',
  styles: ['Calm and clear.', 'Warm and friendly.'],
  longest_text: 80,
}
const shapes = fc.constantFrom(shape, { ...shape, spoken: 'free' as const, styles: [] })
const picker = fc.infiniteStream(fc.nat(1_000_000)).map((numbers) => (below: number) => (numbers.next().value ?? 0) % below)
const field = (field_name: string, field_type: string, constraints = {}, required = true): FieldRule => ({
  field_name,
  field_type,
  constraints,
  required,
})
const numRuns = 400
/** With a text that is said, at any place of the table. */
const spokenTable = fc.tuple(fieldTable, fc.nat(5)).map(([fields, at]) => {
  const others = fields.filter(({ field_name }) => field_name !== 'system_response')
  return others.toSpliced(at, 0, field('system_response', 'str'))
})

function check(fields: readonly FieldRule[], text: string, inOrder = true): void {
  const output = parseJson(text)
  if (!isJsonObject(output)) throw new Error(`not an object: ${text}`)
  const names = fields.map(({ field_name }) => field_name)
  if (inOrder) expect(Object.keys(output)).toEqual(names)
  else expect(Object.keys(output).toSorted()).toEqual(names.toSorted())
  expect(validateOutput(fields, output).problems).toEqual([])
}

describe('whatever a table is, what its grammar allows is valid', () => {
  test('as JSON', () => {
    fc.assert(
      fc.property(fieldTable, shapes, picker, (fields, how, pick) => check(fields, grammarSampler(toGrammar(fields, how))(pick))),
      { numRuns },
    )
  })

  test('as people write speech down, in whatever pieces it comes', () => {
    let written = 0
    fc.assert(
      fc.property(spokenTable, shapes, picker, fc.integer({ min: 1, max: 9 }), (fields, how, pick, size) => {
        const form = spokenForm(fields, how)
        if (!form) return
        written += 1
        const reader = form.reader()
        const letters = [...grammarSampler(form.grammar)(pick)]
        let text = ''
        for (let at = 0; at < letters.length; at += size) text += reader.push(letters.slice(at, at + size).join(''))
        check(fields, text + reader.end(), false)
      }),
      { numRuns },
    )
    expect(written).toBeGreaterThan(numRuns / 4)
  })
})

const interview = [
  field('voice_instructions', 'str'),
  field('system_response', 'str'),
  field('rating', 'int', { ge: 1, le: 5 }),
  field('done', 'bool', {}, false),
]

test('what is said comes before all but its style, wherever the table has it', () => {
  const [style, spoken, ...others] = interview
  const form = spokenForm([...others, spoken!, style!], shape)
  const reader = form!.reader()
  expect(reader.push('(Calm and clear.) What did you cook?\nrating: 4\ndone: true') + reader.end()).toBe(
    '{"voice_instructions":"Calm and clear.","system_response":"What did you cook?","rating":4,"done":true}',
  )
})

test('a remark, what is said, and lines: the spoken text comes on as it is written', () => {
  const form = spokenForm(interview, shape)
  const reader = form?.reader()
  const pieces = ['(', 'Calm and', ' clear.)', ' Nice', '. What is', ' next?\nrat', 'ing: 4\ndone: nu', 'll']
  expect(pieces.map((piece) => reader?.push(piece))).toEqual([
    '{"voice_instructions":"',
    'Calm and',
    ' clear.',
    '","system_response":"Nice',
    '. What is',
    ' next?"',
    ',"rating":4',
    '',
  ])
  expect(reader?.end()).toBe(',"done":null}')
})

test('a reply that was cut off is not closed', () => {
  const reader = spokenForm(interview, shape)?.reader()
  expect(`${reader?.push('(Calm and clear.) Nice to')}${reader?.end()}`).toBe(
    '{"voice_instructions":"Calm and clear.","system_response":"Nice to',
  )
})

test('a table without a spoken text, or with choices that hold brackets, is asked for as JSON', () => {
  expect(spokenForm([field('score', 'int')], shape)).toBeUndefined()
  expect(spokenForm([...interview, field('sign', "Literal['a)']")], shape)).toBeUndefined()
})

test('limits that leave no room for a shaped question are kept as they are', () => {
  const rules = (constraints: object) => toGrammar([field('system_response', 'str', constraints)], shape).split('\n')[1]
  expect(rules({})).toContain('asked')
  expect(rules({ max_length: 60 })).toBe(String.raw`f0 ::= "\"" begin said{0,59} "\""`)
})

test.each([
  [{ ge: 1, le: 5 }, '[1-5]'],
  [{ ge: 8, le: 12 }, '([8-9] | "1" [0-2])'],
  [{ gt: -3, lt: 1 }, '("-" [1-2] | [0-0])'],
  [{ ge: 0, le: 100, multiple_of: 25 }, '("0" | "25" | "50" | "75" | "100")'],
])('whole numbers within %j', (constraints, rule) => {
  expect(toGrammar([field('n', 'int', constraints)], shape).split('\n')[1]).toBe(`f0 ::= ${rule}`)
})

test('an agent without fields speaks freely, or in the shape of a tiny model', () => {
  expect(toSpeechGrammar({ ...shape, spoken: 'free' })).toBeUndefined()
  expect(grammarSampler(toSpeechGrammar(shape) ?? '')((below) => below - 1)).toMatch(/\?$/)
})
