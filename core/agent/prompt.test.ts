import { describe, expect, test } from 'vitest'
import type { AgentDocument } from './document.ts'
import { promptScope, renderPrompt } from './prompt.ts'
import { templateVariables } from './template-variables.ts'

type Vars = AgentDocument['prompt_config']['dynamic_vars']
const withVars = (dynamic_vars: Vars = {}) => ({ prompt_config: { dynamic_vars } })
const render = (template: string, variables = {}, dynamic_vars: Vars = {}) =>
  renderPrompt(template, variables, withVars(dynamic_vars))

describe('filling in', () => {
  test('what the caller brings wins over the defaults, name by name', () => {
    const declared: Vars = {
      'user_details.name': 'you',
      'user_details.plan': { default: 'free' },
      country: { default: 'Peru', description: 'Where' },
      n: 3,
    }
    const template = '{{ user_details.name }}/{{ user_details.plan }}/{{ country }}/{{ n }}'
    expect(render(template, {}, declared)).toEqual({ text: 'you/free/Peru/3', problems: [] })
    expect(render(template, { user_details: { name: 'Ada' }, n: 0 }, declared).text).toBe('Ada/free/Peru/0')
    expect(render(template, { 'user_details.name': 'Bo' }, declared).text).toBe('Bo/free/Peru/3')
  })

  test('Liquid’s own default, conditions, loops and filters', () => {
    expect(render('{{ name | default: "friend" }}').text).toBe('friend')
    expect(render('{% if vip %}Dear {% endif %}{{ name | upcase }}', { vip: true, name: 'ada' }).text).toBe('Dear ADA')
    expect(
      render('{% for i in items %}{{ i.a }}{% unless forloop.last %}, {% endunless %}{% endfor %}', {
        items: [{ a: 1 }, { a: 2 }],
      }).text,
    ).toBe('1, 2')
    expect(render('{{ items.size }} {{ items[1].a }}', { items: [{ a: 1 }, { a: 2 }] })).toEqual({ text: '2 2', problems: [] })
  })

  test('a variable without a value leaves nothing, and is told', () => {
    expect(render('Hi {{ user_details.name }}!')).toEqual({
      text: 'Hi !',
      problems: [{ path: '', message: 'the variable "user_details.name" has no value; nothing stands in its place' }],
    })
  })

  test('a broken template is used as it stands, with the reason', () => {
    const { text, problems } = render('Hi {{ name')
    expect(text).toBe('Hi {{ name')
    expect(problems).toEqual([{ path: '', message: 'Liquid: output "{{ name" not closed (line 1, column 4)' }])
  })
})

describe('a template of a stranger', () => {
  test.each(['{{ constructor.name }}', '{{ x.__proto__ }}', '{{ "a".constructor }}', '{{ x.constructor.constructor }}'])(
    'reaches no prototype: %s',
    (template) => {
      expect(render(template, { x: { a: 1 } }).text).toBe('')
    },
  )

  test.each(['{% include "/etc/passwd" %}', '{% render "x" %}', '{% layout "x" %}{% block a %}{% endblock %}'])(
    'names no other file: %s',
    (template) => {
      expect(render(template).problems[0]?.message).toMatch(/tag "\w+" not found/)
    },
  )

  test.each([
    '{% for i in (1..100000000) %}x{% endfor %}',
    '{% for a in (1..2000) %}{% for b in (1..2000) %}{% for c in (1..2000) %}{{ c }}{% endfor %}{% endfor %}{% endfor %}',
    `{% assign s = "${'x'.repeat(1000)}" %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}`,
    '{{ a }}'.repeat(60_000),
  ])('ends soon and stays small: %#', (template) => {
    const { text, problems } = render(template)
    expect(text).toBe(template)
    expect(problems.at(-1)?.message).toMatch(/limit exceeded/)
  })

  test('names like __proto__ are only names', () => {
    const scope = promptScope(JSON.parse('{"__proto__.polluted": true, "a.__proto__.b": 1}'), withVars())
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getPrototypeOf(scope)).toBe(Object.prototype)
  })
})

describe('what a template reads', () => {
  test('names, places and whether they may be missing', () => {
    const template = 'Hi {{ a.b | default: "x" }} {{c}} {% if c %}{{ c | default: 1 }}{% endif %}{% if d %}{% endif %}'
    expect(templateVariables(template)).toEqual([
      { name: 'a.b', has_default: true, ranges: [{ start: 6, end: 9 }] },
      {
        name: 'c',
        has_default: false,
        ranges: [
          { start: 30, end: 31 },
          { start: 40, end: 41 },
          { start: 47, end: 48 },
        ],
      },
      { name: 'd', has_default: false, ranges: [{ start: 81, end: 82 }] },
    ])
  })

  test('words in quotes, longer names and local ones are not it', () => {
    const template = '{% assign x = 1 %}{{ x }}{{ name_of.name }}{{ "name" }}{{ name | append: "name" }}'
    expect(templateVariables(template).map(({ name, ranges }) => [name, ranges.length])).toEqual([
      ['name_of.name', 1],
      ['name', 1],
    ])
  })

  test('too many to be a prompt are not looked through; openings that never close cost nothing', () => {
    expect(templateVariables(Array.from({ length: 20_000 }, (_, index) => `{{a${index}}}`).join(''))).toEqual([])
    expect(templateVariables(`{{ a }}{% raw %}${'{{ {% '.repeat(30_000)}{% endraw %}`).map(({ name }) => name)).toEqual(['a'])
  })

  test('nothing when the syntax is broken', () => {
    expect(templateVariables('{{ a }} {{ b')).toEqual([])
  })
})
