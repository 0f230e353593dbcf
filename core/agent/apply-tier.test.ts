import { describe, expect, test } from 'vitest'
import { DocumentJson } from '../contract/agents.ts'
import { AgentId } from '../contract/ids.ts'
import { Features } from '../contract/tenants.ts'
import { toJsonSchema } from '../output/json-schema.ts'
import { applyTier } from './apply-tier.ts'
import { blankAgent } from './blank-agent.ts'
import { lintAgent } from './lint.ts'
import { parseAgent } from './parse-agent.ts'
import { systemPrompt } from './system-prompt.ts'

const field = (field_name: string) => ({ field_name, field_type: 'str', description: `The ${field_name} of it`, required: true })
const whole = DocumentJson.parse({
  ...blankAgent(AgentId.parse('ada'), 'Ada'),
  schema_config: { spoken_field: 'answer', fields: ['voice_instructions', 'answer', 'mood', 'red_flags'].map(field), kept: 1 },
  tracing_config: { enabled: true, sample_rate: 0.5 },
  tools: [{ type: 'end_call', name: 'bye', description: 'Ends the call' }],
})
const under = (features: object) => {
  const parsed = parseAgent(applyTier(whole, Features.parse(features)))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.document
}
const names = (features: object) => under(features).schema_config.fields.map(({ field_name }) => field_name)

describe('a tier', () => {
  test('that leaves nothing out changes nothing', () => {
    expect(applyTier(whole, Features.parse({}))).toEqual(whole)
  })

  test('takes fields out of what the LLM is asked and told, and of nothing else', () => {
    const tier = { removed_fields: ['red_flags', 'not_there'] }
    expect(names(tier)).toEqual(['voice_instructions', 'answer', 'mood'])
    const document = under(tier)
    expect(document.schema_config).toMatchObject({ spoken_field: 'answer', kept: 1 })
    expect(Object.keys(toJsonSchema(document.schema_config.fields)['properties'] ?? {})).not.toContain('red_flags')
    expect(systemPrompt(document, {})).toContain('`voice_instructions` says how')
    expect(systemPrompt(under({ removed_fields: ['voice_instructions'] }), {})).not.toContain('`voice_instructions` says how')
    const rules = (content: DocumentJson) => lintAgent(content).map(({ rule, path }) => `${rule} ${path}`)
    expect(rules(applyTier(whole, Features.parse(tier))).filter((one) => !rules(whole).includes(one))).toEqual([])
  })

  test('says which extensions its agents may be of; the usual types need none', () => {
    const typed = (agent_type: string, features: object) =>
      applyTier({ ...whole, agent_type }, Features.parse(features))['agent_type']
    expect(typed('concierge', {})).toBe('concierge')
    expect(typed('concierge', { extensions: ['concierge'] })).toBe('concierge')
    expect(typed('concierge', { extensions: ['oracle'] })).toBe('custom')
    expect(typed('support', { extensions: [] })).toBe('support')
  })

  test('never takes the field that is spoken', () => {
    expect(names({ removed_fields: ['answer', 'mood', 'red_flags', 'voice_instructions'] })).toEqual(['answer'])
    const unnamed = applyTier(
      { ...whole, schema_config: { fields: [field('system_response'), 'mood'] } },
      Features.parse({ removed_fields: ['system_response', 'mood'] }),
    )
    expect(unnamed['schema_config']).toEqual({ fields: [field('system_response')] })
  })

  test('switches tracing and tools off, whatever the document says', () => {
    expect(under({ tracing: false }).tracing_config).toEqual({ enabled: false, sample_rate: 0.5 })
    expect(under({ tools: false })).toMatchObject({ tools: [], extension_tools: false })
    expect(applyTier({ agent_id: 'x' }, Features.parse({ tracing: false }))['tracing_config']).toEqual({ enabled: false })
  })

  test('leaves what cannot be read to whoever reads it', () => {
    const broken = { ...whole, schema_config: 'what' }
    expect(applyTier(broken, Features.parse({ removed_fields: ['mood'] }))).toEqual(broken)
  })
})
