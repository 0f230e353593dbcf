import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../json.ts'
import { AgentId } from '../contract/ids.ts'
import { blankAgent } from './blank-agent.ts'
import { lintAgent } from './lint.ts'

type Row = Readonly<Record<string, Json>>
const style: Row = {
  field_name: 'voice_instructions',
  field_type: 'str',
  description: 'How it sounds',
  constraints: { max_length: 80 },
}
const spoken: Row = { field_name: 'system_response', field_type: 'str', description: 'What is said' }

type Parts = Readonly<{
  instructions?: string
  greeting?: string
  dynamic_vars?: Row
  fields?: readonly Row[]
  schema?: Row
  rest?: Row
}>
const agent = ({
  instructions = 'Be kind.',
  greeting = 'Hello!',
  dynamic_vars = {},
  fields = [style, spoken],
  schema = {},
  rest = {},
}: Parts): JsonObject => ({
  format: 1,
  agent_id: 'ada',
  name: 'Ada',
  prompt_config: { instructions, greeting, dynamic_vars },
  schema_config: { fields, ...schema },
  ...rest,
})
const found = (parts: Parts) => lintAgent(agent(parts)).map(({ rule, severity, path }) => `${severity} ${rule} ${path}`)
const only = (parts: Parts, rule: string) => {
  const findings = lintAgent(agent(parts)).filter((finding) => finding.rule === rule)
  if (findings.length !== 1 || !findings[0]) throw new Error(`${findings.length} findings of ${rule}`)
  return findings[0]
}
const marked = (text: string, range: { start: number; end: number } | undefined) => range && text.slice(range.start, range.end)

test('a sound agent and the blank one have nothing to mend', () => {
  expect(found({})).toEqual([])
  expect(lintAgent(JSON.parse(JSON.stringify(blankAgent(AgentId.parse('new'), 'New'))))).toEqual([])
})

describe('variables', () => {
  test('one that nobody declares is marked where it stands', () => {
    const instructions = 'Talk to {{ user_details.name }} about {{ topic | default: "tea" }}, {{ user_details.name }}.'
    const findings = lintAgent(agent({ instructions }))
    expect(findings.map(({ rule, range }) => [rule, marked(instructions, range), range?.start])).toEqual([
      ['undefined-variable', 'user_details.name', 11],
      ['undefined-variable', 'user_details.name', instructions.lastIndexOf('user_details')],
    ])
    expect(findings[0]?.message).toContain('"user_details.name"')
  })

  test('declared, defaulted, assigned and looped ones are fine; a typing error is guessed', () => {
    const instructions =
      '{% assign x = 1 %}{{ x }}{% for item in cart.items %}{{ item.name }}{{ forloop.index }}{% endfor %}{{ a.b.c }}{{ d | default: "" }}'
    expect(found({ instructions, dynamic_vars: { 'cart.items': { description: '' }, a: { default: {} } } })).toEqual([])
    expect(only({ instructions: '{{ contry }}', dynamic_vars: { country: 'Peru' } }, 'undefined-variable').hint).toBe(
      'Did you mean "country"?',
    )
  })

  test('the greeting is looked at too, and a declared one that nothing uses is told', () => {
    expect(found({ greeting: 'Hello {{ who }}!' })).toEqual(['warning undefined-variable /prompt_config/greeting'])
    expect(found({ dynamic_vars: { 'a/b': 'x' } })).toEqual(['info unused-variable /prompt_config/dynamic_vars/a~1b'])
  })

  test.each([
    ['Hi {{ name', '{{ name'],
    ['Hi\n{% if vip %}there', '{% if vip %}'],
    ['Hi {{ name | shout }}', undefined],
    ['{% include "other" %}', '{% include "other" %}'],
  ])('broken Liquid is an error with its place: %s', (instructions, text) => {
    const finding = only({ instructions, dynamic_vars: { name: 'Ada', vip: true } }, 'liquid-syntax')
    expect(finding).toMatchObject({
      severity: 'error',
      path: '/prompt_config/instructions',
      message: expect.stringMatching(/^Liquid: .*line \d+, column \d+/) as string,
    })
    if (text !== undefined) expect(marked(instructions, finding.range)).toBe(text)
  })
})

describe('the table', () => {
  test('missing, wrong and optional spoken field', () => {
    expect(found({ fields: [style] })).toEqual(['error spoken-field-missing /schema_config/spoken_field'])
    expect(found({ fields: [style, { ...spoken, field_type: 'list[str]' }] })).toEqual([
      'error spoken-field-type /schema_config/fields/1/field_type',
    ])
    expect(found({ fields: [style, { ...spoken, required: false }] })).toEqual([
      'warning spoken-field-optional /schema_config/fields/1/required',
    ])
    expect(found({ fields: [style, spoken], schema: { spoken_field: 'said' } })).toContain(
      'error spoken-field-missing /schema_config/spoken_field',
    )
  })

  test('missing and late voice style', () => {
    expect(found({ fields: [spoken] })).toEqual(['warning style-field-missing /tts_config/instruction_field'])
    expect(found({ fields: [spoken, style] })).toEqual(['warning style-field-late /schema_config/fields/1'])
    const mood: Row = { ...style, field_name: 'mood', metadata: { use_in_tts: true } }
    expect(found({ instructions: 'Set mood.', fields: [mood, style, spoken] })).toEqual([])
    expect(found({ instructions: 'Set mood.', fields: [style, spoken, mood] })).toEqual([
      'warning style-field-late /schema_config/fields/2',
    ])
    expect(found({ rest: { tts_config: { provider: 'builtin', instruction_field: 'system_response' } } })).toContain(
      'warning style-field-spoken /tts_config/instruction_field',
    )
  })

  test('an order that makes speech wait names the fast one', () => {
    const notes = { field_name: 'notes', field_type: 'str', description: 'x' }
    const finding = only({ instructions: 'Keep notes.', fields: [notes, style, spoken] }, 'slow-order')
    expect(finding.hint).toBe('The fast order: voice_instructions, system_response, notes.')
    expect(finding.message).toMatch(/about \d+ tokens .*\(notes, voice_instructions\); \d+ of them/)
  })

  test('no fields at all is only a remark', () => {
    expect(found({ fields: [] })).toEqual(['info no-fields /schema_config/fields'])
  })
})

describe('fields and the prompt', () => {
  const score = { field_name: 'credibility_score', field_type: 'int', description: 'x' }
  const flags = { field_name: 'red_flags', field_type: `Literal['not_yet', 'plenty']` }

  test('names in the prompt that are no fields, with what was meant', () => {
    const instructions = 'Raise credibility_score. Put lies into warning_flags. Set `mood`.'
    const findings = lintAgent(agent({ instructions, fields: [score, flags, style, spoken] })).filter(
      ({ rule }) => rule === 'unknown-field',
    )
    expect(findings.map(({ range, hint }) => [marked(instructions, range), hint])).toEqual([
      ['warning_flags', 'Did you mean "red_flags"?'],
      ['mood', 'Add the field "mood", or change the text.'],
    ])
  })

  test('choices, variables, tools, addresses and paths are no fields', () => {
    const instructions =
      'Use red_flags: not_yet. credibility_score. {{ user_name }} user_name. Call find_order. Write to first_last@x.org.'
    const rest = { tools: [{ type: 'http', name: 'find_order', description: 'Finds one.', url: 'https://shop.example' }] }
    expect(found({ instructions, fields: [score, flags, style, spoken], dynamic_vars: { user_name: 'Ada' }, rest })).toEqual([])
  })

  test('fields that the prompt never names', () => {
    expect(found({ fields: [score, flags, style, spoken] })).toEqual([
      'warning field-not-in-prompt /schema_config/fields/1',
      'info field-not-in-prompt /schema_config/fields/0',
    ])
  })
})

describe('what would be read aloud', () => {
  test.each([
    ['**Welcome** back', 'speech-markdown', '**Welcome**'],
    ['Hello.\n- one', 'speech-markdown', '- one'],
    ['See [our page](https://x.org).', 'speech-markdown', '[our page](https://x.org)'],
    ['Go to www.example.com now', 'speech-url', 'www.example.com'],
    ['Hello 👋🏽!', 'speech-emoji', '👋🏽'],
    ['{"a": 1}', 'speech-json', '{"a":'],
    ['<speak>Hi</speak>', 'speech-json', '<speak>'],
  ])('in the greeting: %s', (greeting, rule, text) => {
    const finding = lintAgent(agent({ greeting })).find((one) => one.rule === rule)
    expect(finding).toMatchObject({ severity: 'warning', path: '/prompt_config/greeting' })
    expect(marked(greeting, finding?.range)?.trim()).toBe(text)
  })

  test.each([
    'It costs 5 * 3 = 15 dollars, #1 in town.',
    'Hello {{ name | default: "**you**" }}!',
    "It's ten to nine - or later.",
  ])('but not: %s', (greeting) => {
    expect(found({ greeting })).toEqual([])
  })

  test.each([
    ['Use bullet points for options.', 'prompt-unspeakable-style'],
    ['Format your answer as Markdown.', 'prompt-unspeakable-style'],
    ['Reply with a few friendly emojis.', 'prompt-unspeakable-style'],
    ['Always respond in valid JSON.', 'prompt-asks-json'],
    ['Send them to https://example.org/help.', 'prompt-url'],
  ])('asked for in the prompt: %s', (instructions, rule) => {
    expect(found({ instructions })).toEqual([`warning ${rule} /prompt_config/instructions`])
  })

  test.each([
    'Never use bullet points or Markdown.',
    'Speak without emojis.',
    'Do not respond in JSON.',
    'Answer in plain words, no lists.',
    '# How you speak\n- Short.\n- **Kind**.',
  ])('but not: %s', (instructions) => {
    expect(found({ instructions })).toEqual([])
  })
})

test('a prompt that is read for long before every reply', () => {
  expect(only({ instructions: 'Be kind to everyone you meet. '.repeat(500) }, 'prompt-length').message).toMatch(
    /about \d{4} tokens/,
  )
})

test('a pasted key is an error, wherever it stands', () => {
  const key = `sk-${'a1B2'.repeat(8)}`
  expect(only({ instructions: `Use ${key}.` }, 'pasted-key')).toMatchObject({
    severity: 'error',
    path: '/prompt_config/instructions',
    range: { start: 4, end: 39 },
  })
  expect(only({ rest: { 'x-notes': [{ key }] } }, 'pasted-key')).toMatchObject({ path: '/x-notes/0/key' })
  expect(JSON.stringify(lintAgent(agent({ instructions: key })))).not.toContain(key)
})

describe('providers', () => {
  const llm = (llm_config: Row) => found({ rest: { llm_config } })

  test('unknown ones are errors, unknown models of a closed list warnings, also among the further choices', () => {
    const rest = { llm_config: { provider: 'rehearsal', model: 'nobody', fallbacks: [{ provider: 'rehersal' }] } }
    expect(found({ rest })).toEqual([
      'error provider-unknown /llm_config/fallbacks/0/provider',
      'warning choice-unknown /llm_config/model',
    ])
    expect(only({ rest }, 'provider-unknown').hint).toBe('Did you mean "rehearsal"?')
  })

  test('they are known by the names of other systems too', () => {
    expect(llm({ provider: 'groq.com', model: 'llama-3.3-70b-versatile' })).toEqual([])
  })

  test('a way of structured output that the model does not follow is told', () => {
    const asked = 'warning structured-output-unsupported /llm_config/structured_output'
    expect(llm({ provider: 'deepseek', structured_output: 'json_schema' })).toEqual([asked])
    expect(llm({ provider: 'groq.com', model: 'llama-3.3-70b-versatile', structured_output: 'json_schema' })).toEqual([asked])
    expect(llm({ provider: 'groq', model: 'openai/gpt-oss-120b', structured_output: 'json_schema' })).toEqual([])
    expect(llm({ provider: 'openai-compatible', model: 'anything', structured_output: 'prompt' })).toEqual([])
  })

  test('what has no address or no model of its own needs one', () => {
    expect(llm({ provider: 'azure-openai' })).toEqual([
      'error address-missing /llm_config/base_url',
      'error model-missing /llm_config/model',
    ])
    expect(llm({ provider: 'ollama' })).toEqual(['error model-missing /llm_config/model'])
    expect(llm({ provider: 'builtin' })).toEqual([])
    const base_url = 'https://mine.openai.azure.com/openai/v1'
    expect(llm({ provider: 'azure-openai', base_url, model: 'my-deployment' })).toEqual([])
  })

  test('any model of an OpenAI-compatible server will do', () => {
    expect(
      found({
        rest: { llm_config: { provider: 'openai-compatible', model: 'my-own-7b', base_url: 'http://127.0.0.1:11434/v1' } },
      }),
    ).toEqual([])
  })

  test('an agent type of its own is stored and runs as custom', () => {
    expect(found({ rest: { agent_type: 'triage' } })).toEqual(['warning agent-type-unknown /agent_type'])
  })
})

describe('broken documents', () => {
  test('what keeps one from being saved comes first, and the rest is still looked at', () => {
    const findings = lintAgent({
      ...agent({ instructions: 'Hi {{ nobody }}', fields: [{ field_name: 'class', field_type: 'str' }, style, spoken] }),
      name: '',
    })
    expect(findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual([
      'document /name',
      'document /schema_config/fields/0/field_name',
      'undefined-variable /prompt_config/instructions',
    ])
  })

  test.each([
    {},
    { prompt_config: 3 },
    { prompt_config: { instructions: 4, dynamic_vars: [] }, schema_config: { fields: [null, 3, 'a'] }, tts_config: [] },
    { format: 'x' },
  ])('anything gives findings, never an exception: %j', (content) => {
    expect(lintAgent(content as JsonObject).length).toBeGreaterThan(0)
  })

  test.each([
    ['long words', 'a'.repeat(190_000)],
    ['braces', '{{ {% '.repeat(30_000)],
    ['names', Array.from({ length: 15_000 }, (_, index) => `some_name_${index}`).join(' ')],
    ['variables', Array.from({ length: 15_000 }, (_, index) => `{{ v${index} }}`).join('')],
    ['requests', 'use json and reply json '.repeat(8000)],
    ['signs', '`[*_<{"@'.repeat(24_000)],
  ])('a huge prompt of %s is gone through in one go', (_what, instructions) => {
    const fields = Array.from({ length: 98 }, (_, index) => ({ field_name: `field_number_${index}`, field_type: 'str' }))
    expect(lintAgent(agent({ instructions, fields: [style, spoken, ...fields] })).length).toBeLessThan(20_000)
  })

  test('a newer format is one remark', () => {
    expect(lintAgent({ format: 7 }).map(({ rule }) => rule)).toEqual(['newer-format'])
  })
})

test('thousands of variables, fields and names, each as long as a page, are not compared with each other', () => {
  const many = <Value>(make: (index: number) => Value) => Array.from({ length: 50_000 }, (_, index) => make(index))
  const findings = lintAgent(
    agent({
      instructions: `{{ ${'a'.repeat(50_000)} }} ${many((index) => `some_${index}`).join(' ')} {{ nobody }}`,
      dynamic_vars: Object.fromEntries(many((index) => [`v${index}`, ''])),
      fields: many((index) => ({ field_name: `f_${index}`, field_type: 'wrong', constraints: { pattern: '(' } })),
    }),
  )
  expect(findings.filter(({ rule }) => rule === 'document').map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/schema_config/fields', '/prompt_config/dynamic_vars', '/prompt_config/instructions']),
  )
  expect(findings.length).toBeLessThan(1500)
})

test.each(['\n', ' \n', '[', '![', '](', '{{', '{%', 'use ', 'in a ', '<a ', '{"', '1.', '- ', '`', '**a', 'x://', '\t'])(
  'a hostile text full of %j is looked through in one pass',
  (piece) => {
    const text = piece.repeat(200_000 / piece.length)
    expect(lintAgent(agent({ instructions: text, greeting: text })).length).toBeGreaterThan(0)
  },
)

describe('where keys go', () => {
  const of = (llm_config: Row) => found({ rest: { llm_config } }).filter((finding) => finding.includes('/api_key'))
  const key = { model: 'm', api_key: 'env:OPENAI_API_KEY' }

  test('somebody else’s address is told, whatever the provider is called', () => {
    for (const provider of ['openai', 'openai-compatible'])
      expect(of({ provider, base_url: 'https://elsewhere.example/v1', ...key })).toEqual([
        'warning key-to-strangers /llm_config/api_key',
      ])
    expect(of({ provider: 'openai-compatible', base_url: 'https://api.openai.com/v1', ...key })).toEqual([])
    expect(of({ provider: 'openai-compatible', base_url: 'http://192.168.0.7:8000/v1', ...key })).toEqual([])
    expect(
      of({ provider: 'openai-compatible', base_url: 'https://mine.example/v1', model: 'm', api_key: 'secret:mine' }),
    ).toEqual([])
  })

  test('a key that could be read on its way is told', () => {
    expect(of({ provider: 'openai', base_url: 'http://api.openai.com/v1', ...key })).toEqual([
      'warning key-in-plain-text /llm_config/api_key',
    ])
    expect(of({ provider: 'openai', base_url: 'http://localhost:8080/v1', ...key })).toEqual([])
  })
})
