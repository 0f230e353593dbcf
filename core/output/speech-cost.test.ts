import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countTokens } from '../agent/tokens.ts'
import type { FieldRule } from './field-rule.ts'
import { speechCost } from './speech-cost.ts'

const field = (field_name: string, field_type: string, constraints: FieldRule['constraints'] = {}): FieldRule => ({
  field_name,
  field_type,
  required: true,
  constraints,
})
const notes = field('notes', 'str')
const flags = field('red_flags', 'list[str]', { max_items: 5 })
const stage = field('stage', `Literal['intro', 'document_check']`)
const score = field('score', 'int', { ge: 1, le: 10 })
const style = field('voice_instructions', 'str', { max_length: 80 })
const spoken = field('system_response', 'str')

test('long fields go behind the speech, short ones and the voice style stay before it', () => {
  const cost = speechCost([notes, stage, score, flags, style, spoken], 'system_response')
  expect(cost.best_order).toEqual(['stage', 'score', 'voice_instructions', 'system_response', 'notes', 'red_flags'])
  expect(cost.fields_before).toEqual(['notes', 'stage', 'score', 'red_flags', 'voice_instructions'])
  expect(cost.tokens_saved).toBeGreaterThan(30)
})

/** What a model wrote before its first spoken word, for the table beside it. */
const REPLIES: readonly (readonly [string, readonly FieldRule[]])[] = [
  [
    '{"stage":"document_check","score":6,"voice_instructions":"brisk, a little doubtful","system_response":"',
    [stage, score, style, spoken, flags],
  ],
  [
    '{"issue_category":"technical","sentiment":"frustrated","issue_resolved":false,"escalation_needed":false,"voice_instructions":"steady and warm, unhurried","system_response":"',
    [
      field('issue_category', `Literal['technical', 'billing', 'account', 'feature_request', 'other']`),
      field('sentiment', `Literal['positive', 'neutral', 'frustrated', 'angry']`),
      field('issue_resolved', 'bool'),
      field('escalation_needed', 'bool'),
      style,
      spoken,
    ],
  ],
  [
    '{"notes":"The caller cannot sign in since this morning, on two phones; resetting the password did not help them.","system_response":"',
    [notes, spoken],
  ],
]

test.each(REPLIES)('the estimate is near what %s costs', async (reply, fields) => {
  const real = await countTokens(reply)
  const { tokens_before } = speechCost(fields, 'system_response')
  expect(Math.abs(tokens_before - real) / real).toBeLessThan(0.25)
})

test('the fast order costs nothing that it need not', () => {
  expect(speechCost([stage, score, style, spoken, flags], 'system_response').tokens_saved).toBe(0)
})

test('the style field comes before the speech although that costs something', () => {
  const cost = speechCost([spoken, style], 'system_response')
  expect(cost.best_order).toEqual(['voice_instructions', 'system_response'])
  expect(cost.tokens_saved).toBe(0)
  expect(cost.fields_before).toEqual([])
})

test('another style field, and a table without the spoken field', () => {
  expect(speechCost([notes, spoken, field('tone', 'str')], 'system_response', ['tone']).best_order).toEqual([
    'tone',
    'system_response',
    'notes',
  ])
  expect(speechCost([notes, stage], 'system_response')).toEqual({
    fields_before: [],
    tokens_before: 0,
    best_order: ['notes', 'stage'],
    tokens_saved: 0,
  })
})

test('the best order holds the same fields and cannot be bettered again', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([notes, stage, score, flags, style, spoken]), (fields) => {
      const { best_order } = speechCost(fields, 'system_response')
      expect([...best_order].sort()).toEqual(fields.map(({ field_name }) => field_name).sort())
      const again = best_order.flatMap((name) => fields.filter((one) => one.field_name === name))
      expect(speechCost(again, 'system_response')).toMatchObject({ best_order, tokens_saved: 0 })
    }),
  )
})
