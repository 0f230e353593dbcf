import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isJsonObject, parseJson } from '../json.ts'
import { Field } from '../output/field.ts'
import { toGrammar, toSpeechGrammar, type GrammarShape } from '../output/grammar.ts'
import { fieldTable } from '../output/testing/field-tables.ts'
import { grammarSampler } from '../output/testing/grammar-sampler.ts'
import { readArguments } from './read-arguments.ts'
import { Tool, isKnownTool } from './tool.ts'
import { withToolCalls } from './tool-grammar.ts'

const shape: GrammarShape = {
  spoken_field: 'system_response',
  spoken: 'short_question',
  style_field: 'voice_instructions',
  styles: ['Calm and clear.'],
  longest_text: 20,
}

test('whatever a grammar with tools allows is the reply, or a call whose arguments fit', () => {
  let called = 0
  fc.assert(
    fc.property(fieldTable, fieldTable, fc.infiniteStream(fc.nat()), (fields, table, random) => {
      const parameters = table.filter((field) => Field.safeParse(field).success)
      const tools = [
        Tool.parse({ type: 'client', name: 'show', parameters }),
        Tool.parse({ type: 'end_call', name: 'hang_up' }),
      ].filter(isKnownTool)
      const sample = grammarSampler(withToolCalls(toGrammar(fields, shape), tools, 20))
      const text = sample((below) => (random.next().value ?? 0) % below)
      const value = parseJson(text)
      const call = isJsonObject(value) ? value['tool_call'] : undefined
      if (!isJsonObject(call)) return
      called += 1
      const tool = tools.find(({ name }) => name === call['name'])
      expect(tool && readArguments(tool, JSON.stringify(call['arguments'])).problem?.replace(/must match .*/, '')).toBeUndefined()
    }),
    { numRuns: 200 },
  )
  expect(called).toBeGreaterThan(20)
})

test('without a grammar of its own, a reply is what begins with no brace', () => {
  const tools = [Tool.parse({ type: 'end_call', name: 'hang_up' })].filter(isKnownTool)
  expect(withToolCalls(undefined, tools, 20)).toContain('root ::= reply | call')
  expect(grammarSampler(withToolCalls(toSpeechGrammar(shape), tools, 20))((below) => below - 1)).toBe(
    '{"tool_call":{"name":"hang_up","arguments":{}}}',
  )
})
