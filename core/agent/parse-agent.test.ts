import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isJsonObject, parseJson, type JsonObject } from '../json.ts'
import { agentContent } from './agent-content.ts'
import { contentHash } from './content-hash.ts'
import { DOCUMENT_FORMAT } from './document.ts'
import { migrateDocument } from './migrations.ts'
import { orderedDocument } from './ordered-document.ts'
import { parseAgent } from './parse-agent.ts'

const folder = new URL('./fixtures/', import.meta.url)
const fixture = (name: string): JsonObject => {
  const content = parseJson(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  if (!isJsonObject(content)) throw new Error(`${name} is not an object`)
  return content
}
const names = readdirSync(folder).map((file) => file.replace('.json', ''))
const opened = (content: unknown) => {
  const parsed = parseAgent(content)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.document
}
const problems = (content: unknown) => {
  const parsed = parseAgent(content)
  return parsed.ok ? [] : parsed.problems
}
const smallest = { agent_id: 'ada', prompt_config: { instructions: 'Be kind.' } }

describe('documents of every format', () => {
  test.each(names.filter((name) => !name.includes('newer')))('%s opens, and opening it again changes nothing', (name) => {
    const document = opened(fixture(name))
    expect(document.format).toBe(DOCUMENT_FORMAT)
    expect(opened(document)).toEqual(document)
    expect(migrateDocument(migrateDocument(fixture(name)))).toEqual(migrateDocument(fixture(name)))
  })

  test('there is a fixture of every format up to ours', () => {
    for (let format = 0; format <= DOCUMENT_FORMAT; format++)
      expect(names.some((name) => name.startsWith(`format-${format}-`))).toBe(true)
  })

  test('a newer one is for reading only, and says so', () => {
    expect(parseAgent(fixture('format-2-newer'))).toEqual({
      ok: false,
      newer_format: 2,
      problems: [{ path: '/format', message: expect.stringContaining('can be read and exported, not changed') as string }],
    })
  })
})

describe('format 0', () => {
  test('fields that are names become rows; the usual two as they always were', () => {
    const { fields } = opened(fixture('format-0-names')).schema_config
    expect(fields.map(({ field_name, field_type, required }) => [field_name, field_type, required])).toEqual([
      ['system_response', 'str', true],
      ['voice_instructions', 'str', true],
      ['red_flags', 'str', false],
    ])
  })

  test('providers by their old names', () => {
    const { stt_config, llm_config, tts_config, version, tenant_config } = opened(fixture('format-0-names'))
    expect(stt_config.provider).toBe('builtin')
    expect(llm_config).toMatchObject({
      provider: 'openai-compatible',
      base_url: 'https://api.groq.com/openai/v1',
      api_key: 'env:GROQ_API_KEY',
      model: 'llama-3.3-70b-versatile',
      supports_structured_output: false,
    })
    expect(tts_config).toMatchObject({ provider: 'openai-compatible', voice_id: 'ash' })
    expect([version, tenant_config]).toEqual(['1.1.0', { tenant_id: 'acme', isolation_level: 'shared' }])
  })

  test('the short view is the same document in other words', () => {
    const document = opened(fixture('format-0-short-view'))
    expect(document).toMatchObject({
      agent_id: 'groq-agent',
      name: 'groq-agent',
      prompt_config: { instructions: 'You are a helpful voice assistant.' },
      stt_config: { provider: 'openai-compatible', model: 'whisper-1' },
      llm_config: { provider: 'openai-compatible', model: 'llama-3.1-8b-instant', api_key: 'env:GROQ_API_KEY' },
      tts_config: { provider: 'openai-compatible', voice_id: 'nova', voice_name: 'Nova', voice_options: { stability: 0.4 } },
    })
    for (const old of ['instructions', 'stt', 'llm', 'tts', 'voiceOptions']) expect(document).not.toHaveProperty(old)
  })

  test('a key that the client gave wins over the usual one', () => {
    const llm_config = { provider: 'groq.com', api_key: 'secret:mine', base_url: 'https://eu.example.org/v1' }
    expect(opened({ ...smallest, llm_config }).llm_config).toMatchObject({
      api_key: 'secret:mine',
      base_url: 'https://eu.example.org/v1',
    })
  })

  test('names from Object.prototype are only names', () => {
    const strange = { ...smallest, schema_config: { fields: ['constructor'] }, llm_config: { provider: 'toString' } }
    expect(opened(strange)).toMatchObject({
      schema_config: { fields: [{ field_name: 'constructor', field_type: 'str' }] },
      llm_config: { provider: 'toString' },
    })
  })
})

describe('what is refused, and where', () => {
  const whole = fixture('format-1-whole')
  test.each<[string, unknown, string]>([
    ['no object', [], ''],
    ['no prompt', { agent_id: 'a', name: 'a' }, '/prompt_config'],
    ['an empty prompt', { ...smallest, prompt_config: { instructions: '' } }, '/prompt_config/instructions'],
    ['an id with spaces', { ...smallest, agent_id: 'a b' }, '/agent_id'],
    ['a reserved id', { ...smallest, agent_id: 'Current' }, '/agent_id'],
    ['a key in the open', { ...smallest, llm_config: { api_key: 'sk-123' } }, '/llm_config/api_key'],
    ['an address that is none', { ...smallest, tts_config: { base_url: 'ftp://x' } }, '/tts_config/base_url'],
    ['a field twice', { ...smallest, schema_config: { fields: ['a', 'a'] } }, '/schema_config/fields/1/field_name'],
    [
      'a field of no type',
      { ...smallest, schema_config: { fields: [{ field_name: 'a' }] } },
      '/schema_config/fields/0/field_type',
    ],
    [
      'a constraint of another type',
      { ...smallest, schema_config: { fields: [{ field_name: 'a', field_type: 'int', constraints: { pattern: 'x' } }] } },
      '/schema_config/fields/0/constraints/pattern',
    ],
    ['a temperature above 2', { ...whole, llm_config: { temperature: 3 } }, '/llm_config/temperature'],
    ['a format that is no number', { ...whole, format: 'one' }, '/format'],
    ['a negative format', { ...whole, format: -1 }, '/format'],
  ])('%s', (_what, content, path) => {
    expect(problems(content).map((problem) => problem.path)).toContain(path)
  })

  test('unknown keys are kept, at every depth', () => {
    const document = opened(whole)
    expect(document).toMatchObject({
      'x-owner': { team: 'green' },
      prompt_config: { dynamic_vars: { topic: { 'x-source': 'crm' } } },
      tts_config: { voice_options: { stability: 0.4 } },
      schema_config: { fields: [{ metadata: { 'x-color': 'red' } }, {}, {}, {}, {}, {}, {}, {}] },
    })
  })
})

describe('content', () => {
  const whole = fixture('format-1-whole')

  test('its hash does not depend on the order of keys, nor on state', () => {
    const state = { ...whole, version: '2.0.0', enabled: false, is_default: true, tenant_config: { tenant_id: 'x' }, labels: {} }
    const backwards = Object.fromEntries(Object.entries(whole).reverse())
    expect(contentHash(backwards)).toBe(contentHash(whole))
    expect(contentHash(orderedDocument(whole))).toBe(contentHash(whole))
    expect(contentHash(state)).toBe(contentHash(whole))
    expect(contentHash({ ...whole, routing: { purposes: ['support'], weights: { a: 1 } } })).toBe(contentHash(whole))
    expect(contentHash({ ...whole, name: 'Other' })).not.toBe(contentHash(whole))
    expect(agentContent(state)).toEqual(whole)
  })

  test('the hash is SHA-256 of RFC 8785 JSON', () => {
    const canonical = '{"a":"é","b":1,"n":1e+21}'
    expect(contentHash({ b: 1, n: 1e21, a: 'é' })).toBe(createHash('sha256').update(canonical).digest('hex'))
  })

  test('files have the schema’s order first, unknown keys after it by name', () => {
    const ordered = orderedDocument(Object.fromEntries(Object.entries({ ...whole, 'a-key': 1 }).reverse()))
    expect(Object.keys(ordered).slice(0, 3)).toEqual(['format', 'agent_id', 'name'])
    expect(Object.keys(ordered).slice(-2)).toEqual(['a-key', 'x-owner'])
  })
})
