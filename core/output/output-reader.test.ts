import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../json.ts'
import { createOutputReader, type OutputReaderEvent } from './output-reader.ts'

const read = (chunks: readonly string[], spoken_field = 'system_response') => {
  const reader = createOutputReader({ spoken_field })
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()]
}
const cut = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
const last = (events: readonly OutputReaderEvent[]) => {
  const event = events.at(-1)
  if (event?.type !== 'object.done') throw new Error('object.done must be the last event')
  return event
}
const told = (events: readonly OutputReaderEvent[], field: string) =>
  events.map((event) => (event.type === 'field.delta' && event.field === field ? event.text : '')).join('')
const values = (events: readonly OutputReaderEvent[]) =>
  Object.fromEntries(events.flatMap((event) => (event.type === 'field.done' ? [[event.field, event.value] as const] : [])))

/** Text with everything that could trip a scanner: quotes, backslashes, control characters, pairs and lone halves. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\u0000', '😀', '\ud83d', '\ude00', 'é', ' ', 'u', 'n'),
    maxLength: 20,
  }),
)
/**
 * Names hold no backslash: V8's JSON.parse (Node 24.21) mistakes {"":1,"\\u0061":1} for {"":1,"\\\\":1} once it has read an object with
 * the keys "" and "\\\\", so that it cannot be the judge of those.
 */
const name = fc.oneof(
  text.map((raw) => raw.replaceAll('\\', '/')),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'system_response', 'a', ''),
)
const value = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 4 }).filter((nested) => !JSON.stringify(nested).includes('\\\\')),
)
const object = fc.array(fc.tuple(name, value), { maxLength: 8 })

/** The same object written as a model might: spaces anywhere, characters escaped or not, names repeated. */
const written = fc.record({
  entries: object,
  space: fc.constantFrom('', ' ', '\n', '\r\n\t '),
  escapes: fc.constantFrom(/(?!)/g, /[^\x20-\x7e]/g, /[a-z]/g, /[^]/g),
})
const write = ({ entries, space, escapes }: { entries: [string, unknown][]; space: string; escapes: RegExp }) => {
  const quote = (raw: string) =>
    `"${JSON.stringify(raw)
      .slice(1, -1)
      .replaceAll(/\\u[0-9a-f]{4}|\\.|[^]/g, (unit) =>
        unit.length === 1 && escapes.test(unit) && (escapes.lastIndex = 0) === 0
          ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
          : unit,
      )}"`
  const pairs = entries.map(
    ([key, item]) => `${quote(key)}${space}:${space}${typeof item === 'string' ? quote(item) : JSON.stringify(item)}`,
  )
  return `${space}{${space}${pairs.join(`${space},${space}`)}${space}}`
}

const chunks = (source: string) =>
  fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 30 }).map((sizes) => {
    const parts: string[] = []
    for (let at = 0, turn = 0; at < source.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1
      parts.push(source.slice(at, at + size))
      at += size
    }
    return parts
  })

describe('any JSON object, cut anywhere', () => {
  const anyCut = written.map(write).chain((source) => fc.record({ source: fc.constant(source), parts: chunks(source) }))

  test('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(anyCut, ({ source, parts }) => {
        const done = last(read(parts))
        expect(done.parse).toBe('json')
        expect(JSON.stringify(done.output)).toBe(JSON.stringify(JSON.parse(source)))
        expect(Object.getPrototypeOf(done.output)).toBe(Object.prototype)
        expect(source.startsWith(done.raw)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('tells every field once per time it is written, in order, with deltas that add up to it', () => {
    fc.assert(
      fc.property(anyCut, ({ source, parts }) => {
        const events = read(parts)
        let open: string | undefined
        let sum = ''
        for (const event of events) {
          if (event.type === 'field.started') {
            expect(open).toBeUndefined()
            open = event.field
            sum = ''
          } else if (event.type === 'field.delta') {
            expect(event.field).toBe(open)
            expect(event.text).not.toBe('')
            sum += event.text
          } else if (event.type === 'field.done') {
            expect(event.field).toBe(open)
            if (typeof event.value === 'string') expect(sum).toBe(event.value)
            else expect(JSON.stringify(JSON.parse(sum))).toBe(JSON.stringify(event.value))
            open = undefined
          }
        }
        const final: JsonObject = JSON.parse(source)
        expect(values(events)).toEqual(final)
      }),
      { numRuns: 2000 },
    )
  })

  test('never tells half a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.integer({ min: 1, max: 3 }), (raw, size) => {
        const events = read(cut(JSON.stringify({ system_response: raw }), size))
        for (const event of events) if (event.type === 'field.delta') expect(event.text).not.toMatch(/\p{Surrogate}/u)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the spoken field', () => {
  test('is told as it arrives, before the object is complete', () => {
    const reader = createOutputReader({ spoken_field: 'system_response' })
    expect(reader.push('{"mood":"calm","system_response":"Good ')).toEqual([
      { type: 'field.started', field: 'mood' },
      { type: 'field.delta', field: 'mood', text: 'calm' },
      { type: 'field.done', field: 'mood', value: 'calm' },
      { type: 'field.started', field: 'system_response' },
      { type: 'field.delta', field: 'system_response', text: 'Good ' },
    ])
    expect(reader.push('morn')).toEqual([{ type: 'field.delta', field: 'system_response', text: 'morn' }])
    expect(reader.push('\\')).toEqual([])
    expect(reader.push('u0069ng"')).toEqual([
      { type: 'field.delta', field: 'system_response', text: 'ing' },
      { type: 'field.done', field: 'system_response', value: 'Good morning' },
    ])
  })

  test('object.done comes with the closing brace; what follows is not read', () => {
    const reader = createOutputReader({ spoken_field: 'a' })
    expect(reader.push('{"a":"b"}\n```\nSorry').at(-1)).toMatchObject({ type: 'object.done', parse: 'json', output: { a: 'b' } })
    expect(reader.push('{"a":"c"}')).toEqual([])
    expect(reader.end()).toEqual([])
  })
})

describe('around the object', () => {
  const expected = { voice_instructions: 'warm', system_response: 'Hello {name}.' }
  const json = JSON.stringify(expected)
  test.each([
    ['a code fence', `\`\`\`json\n${json}\n\`\`\``],
    ['a fence without a language', `\`\`\`\n${json}\n\`\`\``],
    ['words first', `Sure! Here is the JSON you asked for:\n\n${json}`],
    ['a list around it', `[${json}]`],
    ['words after it', `${json}\nLet me know if that works.`],
    ['reasoning that holds JSON', `<think>\nI could say {"system_response":"no"}.\n</think>\n\n${json}`],
    ['line breaks', `\n\n  ${json}  \n`],
    ['a byte order mark', `\ufeff${json}`],
  ])('%s does not matter', (_what, source) => {
    for (const size of [1, 2, 3, 4, 7, 1000]) {
      const events = read(cut(source, size))
      expect(last(events)).toMatchObject({ parse: 'json', output: expected })
      expect(told(events, 'system_response')).toBe(expected.system_response)
    }
  })
})

describe('plain text', () => {
  test.each([
    'Hello.',
    'I cannot do that in JSON, sorry. But I can tell you that the bus leaves at nine, {name}, from platform two.',
    'Ein langer Satz ohne jede Struktur, '.repeat(20).trim(),
    'Tom & "Jerry" {curly} {  }',
  ])('is the spoken field: %s', (source) => {
    for (const size of [1, 4, 1000]) {
      const events = read(cut(`\n ${source}\n\n`, size))
      expect(last(events)).toMatchObject({ parse: 'plain', output: { system_response: source } })
      expect(told(events, 'system_response')).toBe(source)
      expect(values(events)).toEqual({ system_response: source })
    }
  })

  test('a long answer is told before it ends', () => {
    const reader = createOutputReader({ spoken_field: 's' })
    const events = cut('word '.repeat(40), 4).flatMap((chunk) => reader.push(chunk))
    expect(told(events, 's').length).toBeGreaterThan(150)
  })

  test('any text without an object is spoken as it is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 9 }), (raw, size) => {
        fc.pre(!raw.includes('{') && !raw.trimStart().startsWith('<'))
        const events = read(cut(raw, size))
        const spoken = raw.trim()
        expect(last(events)).toMatchObject({ parse: 'plain', raw, output: spoken === '' ? {} : { system_response: spoken } })
        expect(told(events, 'system_response')).toBe(spoken)
      }),
    )
  })

  test('nothing at all gives an empty output', () => {
    expect(read([])).toEqual([{ type: 'object.done', output: {}, raw: '', parse: 'plain' }])
  })
})

describe('what was cut off', () => {
  const whole = { stage: 'intro', score: 42, system_response: 'Tell me 😀 more, "please".', flags: ['a', 'b'], done: true }
  const source = JSON.stringify(whole)

  test('keeps complete fields and the text so far, at every place, and says so', () => {
    for (let end = 1; end < source.length; end++) {
      const events = read(cut(source.slice(0, end), 4))
      const { output, parse } = last(events)
      expect(parse).toBe('truncated')
      for (const [field, value] of Object.entries(output)) {
        const full: unknown = whole[field as keyof typeof whole]
        if (typeof full === 'string') expect(full.startsWith(value as string)).toBe(true)
        else if (Array.isArray(full)) expect(full.join().startsWith((value as string[]).join())).toBe(true)
        else expect(value).toBe(full)
      }
      expect(values(events)).toEqual(output)
      expect(told(events, 'system_response')).toBe(output['system_response'] ?? '')
    }
  })

  test('a number that may have gone on is left out', () => {
    expect(last(read(['{"a":"x","score":4']))).toMatchObject({ output: { a: 'x' }, parse: 'truncated' })
    expect(last(read(['{"a":"x","done":tr']))).toMatchObject({ output: { a: 'x' }, parse: 'truncated' })
    expect(last(read(['{"a":[10, 20, 3']))).toMatchObject({ output: { a: [10, 20] }, parse: 'truncated' })
    expect(last(read(['{"a":"x","a":"ne']))).toMatchObject({ output: { a: 'ne' }, parse: 'truncated' })
    expect(last(read(['{"a":"x","a']))).toMatchObject({ output: { a: 'x' }, parse: 'truncated' })
  })
})

describe('what is not quite JSON is mended, and said to be', () => {
  const expected = { a: true, system_response: 'He said "hi" to me', n: 1 }
  test.each([
    ['a comma too many', '{"a":true,"system_response":"He said \\"hi\\" to me","n":1,}'],
    ['words of Python', '{"a":True,"system_response":"He said \\"hi\\" to me","n":1}'],
    ['single quotes', `{'a':true,'system_response':'He said "hi" to me','n':1}`],
    ['names without quotes', '{a:true,system_response:"He said \\"hi\\" to me",n:1}'],
    ['a missing comma', '{"a":true "system_response":"He said \\"hi\\" to me" "n":1}'],
    ['quotes without a backslash', '{"a":true,"system_response":"He said "hi" to me","n":1}'],
    ['a comment', '{"a":true, // sure\n"system_response":"He said \\"hi\\" to me","n":1}'],
  ])('%s', (_what, source) => {
    for (const size of [1, 4, 1000]) {
      const events = read(cut(source, size))
      expect(last(events)).toMatchObject({ parse: 'repaired', output: expected })
      expect(values(events)).toEqual(expected)
      expect(told(events, 'system_response')).toBe(expected.system_response)
    }
  })

  test('a raw line break in a string is kept', () => {
    expect(last(read(cut('{"system_response":"one\ntwo"}', 3)))).toMatchObject({
      parse: 'repaired',
      output: { system_response: 'one\ntwo' },
    })
  })

  test('nothing that comes in throws, and every reply ends once', () => {
    const broken = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\',
        'a',
        '1',
        ' ',
        '\n',
        'true',
        '"a"',
        '"b":',
        '```',
        '<think>',
        '\ud800',
      ),
      { maxLength: 40 },
    )
    fc.assert(
      fc.property(broken, (parts) => {
        const events = read(parts)
        expect(events.filter(({ type }) => type === 'object.done')).toHaveLength(1)
        expect(last(events).raw.length).toBeLessThanOrEqual(parts.join('').length)
      }),
      { numRuns: 3000 },
    )
  })
})

test('the keys __proto__ and constructor are data, and pollute nothing', () => {
  const source = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"x":1,}'
  for (const text of [source, source.replace(',}', '}')]) {
    const { output } = last(read(cut(text, 4)))
    expect(Object.keys(output)).toEqual(['__proto__', 'constructor', 'x'])
    expect(Object.hasOwn(output, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  }
})
