import { expect, test } from 'vitest'
import { FieldConstraints } from './field-rule.ts'
import { outputType } from './output-type.ts'

const field = (field_name: string, field_type: string, more: object = {}) => ({
  ...{ field_name, field_type, required: true, constraints: FieldConstraints.parse({}) },
  ...more,
})

test('every type of field has its own, an optional one may be null unless it has a default, and no text breaks out of its comment', () => {
  const text = outputType({
    agent_id: '2nd-support.agent_v1',
    name: 'Support */ export const evil = 1',
    fields: [
      field('system_response', 'str', { description: 'what is\nsaid */ evil' }),
      field('score', 'int', { required: false, constraints: { ge: 1, le: 10 } }),
      field('share', 'float', { required: false, default: 0 }),
      field('resolved', 'bool'),
      field('pains', 'list[str]'),
      field('marks', 'list[int]', { required: false }),
      field('mood', `Literal['it\\'s "fine"', 'bad']`),
    ],
  })
  expect(text).toBe(`/** What “Support * / export const evil = 1” (2nd-support.agent_v1) answers in a turn. */
export type Agent2ndSupportAgentV1Output = {
  /** what is said * / evil · str */
  system_response: string
  /** int · ge 1, le 10 */
  score: number | null
  /** float */
  share: number
  /** bool */
  resolved: boolean
  /** list[str] */
  pains: string[]
  /** list[int] */
  marks: number[] | null
  mood: "it's \\"fine\\"" | "bad"
}
`)
})
