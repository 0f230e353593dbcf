import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../json.ts'
import { exampleOutput } from '../output/example-output.ts'
import { speechCost } from '../output/speech-cost.ts'
import { validateOutput } from '../output/validate-output.ts'
import { lintAgent } from './lint.ts'
import { orderedDocument } from './ordered-document.ts'
import { parseAgent } from './parse-agent.ts'
import { renderPrompt } from './prompt.ts'

const folder = new URL('../../resources/samples/', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8')

/** Each with the fields that its clients rely on (the voice style and the spoken one are in all) and how many there are. */
const EXPECTED: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  'support-agent-v1': [7, ['issue_category', 'sentiment', 'issue_resolved', 'escalation_needed']],
  'sales-agent-v1': [8, ['sales_stage', 'customer_intent', 'qualification_score', 'pain_points', 'objections_raised']],
  'onboarding-agent-v1': [6, ['onboarding_step', 'completion_percentage', 'user_understanding', 'next_step']],
  'pte-interview-agent-v1': [5, ['interview_stage', 'credibility_score', 'red_flags']],
}

test('there are exactly these', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(EXPECTED).sort())
})

describe.each(Object.entries(EXPECTED))('%s', (id, [count, names]) => {
  const text = read(`${id}/agent.json`)
  const instructions = read(`${id}/prompt.md`).replace(/\n$/, '')
  const stored = parseJson(text)
  if (!isJsonObject(stored) || !isJsonObject(stored['prompt_config'])) throw new Error(`${id}/agent.json is not a document`)
  const content: JsonObject = { ...stored, prompt_config: { ...stored['prompt_config'], instructions } }
  const parsed = parseAgent(content)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { document } = parsed
  const { fields, spoken_field } = document.schema_config

  test('lint finds nothing, not even a remark', () => {
    expect(lintAgent(content)).toEqual([])
  })

  test('has the fields it is known for, each described, in the fast order', () => {
    expect(document.agent_id).toBe(id)
    expect(fields).toHaveLength(count)
    expect(fields.map(({ field_name }) => field_name)).toEqual(
      expect.arrayContaining([...names, 'voice_instructions', 'system_response']),
    )
    for (const { description } of fields) expect(description.length).toBeGreaterThan(20)
    expect(speechCost(fields, spoken_field)).toMatchObject({
      tokens_saved: 0,
      best_order: fields.map(({ field_name }) => field_name),
    })
    expect(validateOutput(fields, exampleOutput(fields)).problems).toEqual([])
  })

  test('prompt and greeting render without anybody bringing a variable', () => {
    for (const template of [instructions, document.prompt_config.greeting ?? '']) {
      const { text: rendered, problems } = renderPrompt(template, {}, document)
      expect(rendered).not.toMatch(/\{[{%]|\n\n\n/)
      expect(rendered.length).toBeGreaterThan(20)
      const missing = problems.filter(({ message }) => !/user_details\.\w+" has no value/.test(message))
      expect(missing).toEqual([])
    }
  })

  test('is kept as files are: one order, two spaces, one newline, the prompt beside it', () => {
    expect(text).toBe(`${JSON.stringify(orderedDocument(stored), null, 2)}\n`)
    expect(stored['prompt_config']).not.toHaveProperty('instructions')
    expect(read(`${id}/prompt.md`)).toMatch(/[^\n]\n$/)
  })
})
