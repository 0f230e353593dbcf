import { describe, expect, test } from 'vitest'
import { lintAgent } from '../agent/lint.ts'
import { readArguments } from './read-arguments.ts'
import { isKnownTool, Tool, Tools } from './tool.ts'
import { toolSecrets } from './tool-secrets.ts'
import { toolSpecs } from './tool-spec.ts'

const order = {
  type: 'http',
  name: 'find_order',
  description: 'Looks an order up.',
  method: 'GET',
  url: 'https://shop.example/orders/{{ arguments.order_id }}',
  headers: { authorization: 'Bearer {{ secrets.shop }}' },
  secrets: { shop: 'secret:shop' },
  parameters: [{ field_name: 'order_id', field_type: 'str', description: 'Such as A17.' }],
}
const document = (tools: readonly object[], more: object = {}) => ({
  format: 1,
  agent_id: 'ada',
  name: 'Ada',
  prompt_config: { instructions: 'Help.', dynamic_vars: { user_name: 'Bo' } },
  tools,
  ...more,
})
const found = (tools: readonly object[], more: object = {}) =>
  lintAgent(JSON.parse(JSON.stringify(document(tools, more))))
    .filter(({ rule, path }) => path.startsWith('/tools') || rule.startsWith('tools'))
    .map(({ rule, severity, path }) => `${severity} ${rule} ${path}`)

describe('tools of a document', () => {
  test('types that this version does not know are kept as they are, and no LLM is told of them', () => {
    const later = { type: 'mcp', name: 'calendar', server: { url: 'x', deep: [1, { a: null }] } }
    const tools = Tools.parse([{ ...order, retries: 2 }, later])
    expect(tools[1]).toEqual(later)
    expect(tools[0]).toMatchObject({ retries: 2 })
    expect(toolSpecs(tools).map(({ name }) => name)).toEqual(['find_order'])
    expect(toolSecrets(tools)).toEqual(['secret:shop'])
    expect(found([order, later])).toEqual(['warning tool-type-unknown /tools/1/type'])
  })

  test('names are as every LLM takes them, and unique; keys are not taken', () => {
    const problems = (...tools: readonly object[]) => Tools.safeParse(tools).error?.issues.map(({ path }) => path.join('/'))
    expect(problems(order, order)).toEqual(['1/name'])
    expect(problems({ ...order, name: 'Find order' })).toEqual(['0/name'])
    expect(problems({ ...order, secrets: { shop: 'sk-123' } })).toEqual(['0/secrets/shop'])
    expect(problems({ type: 'handoff', name: 'to_bob' })).toEqual(['0/agent_id'])
  })

  test('arguments are checked, and what is wrong is told to the LLM', () => {
    const tool = Tool.parse({
      ...order,
      parameters: [
        ...order.parameters,
        { field_name: 'count', field_type: 'int', constraints: { ge: 1 }, required: false, default: 1 },
      ],
    })
    if (!isKnownTool(tool)) throw new Error('unknown')
    expect(readArguments(tool, '{"order_id": "A17", "count": null, "more": 1}')).toEqual({
      arguments: { order_id: 'A17', count: 1 },
    })
    expect(readArguments(tool, '{"order_id": 17, "count": 0}').problem).toBe(
      'The arguments do not fit: order_id: must be a string; it is 17; count: must be at least 1; it is 0',
    )
    expect(readArguments(tool, '{"order_id": ').problem).toContain('no JSON object')
    expect(readArguments(tool, '').problem).toContain('"order_id" is missing')
  })
})

describe('what is told while a tool is written', () => {
  test('one that is as it should be', () => expect(found([order])).toEqual([]))

  test.each<[string, object, string[]]>([
    ['no description', { description: ' ' }, ['warning tool-description-missing /tools/0/description']],
    ['an address that is none', { url: 'shop.example/{{ arguments.order_id }}' }, ['error tool-url /tools/0/url']],
    ['an address in a variable', { url: '{{ user_name | raw }}/{{ arguments.order_id }}' }, []],
    ['a server that an argument names', { url: 'https://{{ arguments.order_id }}/x' }, ['warning tool-url-open /tools/0/url']],
    ['a server that it goes on with', { url: '{{ user_name }}{{ arguments.order_id }}' }, ['warning tool-url-open /tools/0/url']],
    [
      'an address that an argument may change',
      { url: 'https://{{ arguments.order_id | raw }}' },
      ['warning tool-url-open /tools/0/url'],
    ],
    [
      'names that do not exist',
      { url: 'https://x.example/{{ arguments.order }}/{{ user }}', body: '{{ secrets.shpo }}{{ user_name }}' },
      [
        'warning tool-template-name /tools/0/url',
        'warning tool-template-name /tools/0/url',
        'warning tool-template-name /tools/0/body',
      ],
    ],
    ['a template that is broken', { body: '{{ arguments.order_id' }, ['error liquid-syntax /tools/0/body']],
    ['a secret that nothing uses', { headers: {} }, ['info tool-secret-unused /tools/0/secrets/shop']],
    [
      'a key in a header',
      { headers: { authorization: 'Bearer sk-proj-0123456789abcdefghijklmn', 'x-shop': '{{ secrets.shop }}' } },
      ['error pasted-key /tools/0/headers/authorization'],
    ],
  ])('%s', (_name, change, rules) => {
    expect(found([{ ...order, ...change }])).toEqual(rules)
  })

  test('a model that calls no tools, or not while it keeps to a schema', () => {
    const fields = { schema_config: { fields: [{ field_name: 'system_response', field_type: 'str' }] } }
    const rules = (llm_config: object) =>
      lintAgent(JSON.parse(JSON.stringify(document([order], { ...fields, llm_config })))).flatMap(({ rule, severity }) =>
        rule.startsWith('tools-') ? [`${severity} ${rule}`] : [],
      )
    expect(rules({ provider: 'gemini-live' })).toEqual(['error tools-unsupported'])
    expect(rules({ provider: 'google', model: 'gemini-2.5-flash' })).toEqual(['info tools-without-schema'])
    expect(rules({ provider: 'openai', model: 'gpt-4.1-mini' })).toEqual([])
  })
})
