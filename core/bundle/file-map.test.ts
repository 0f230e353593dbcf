import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentJson } from '../contract/agents.ts'
import type { BundleFiles } from './bundle-format.ts'
import { toFiles } from './file-map.ts'
import { fromFiles } from './from-files.ts'

const content: DocumentJson = {
  zz_unknown: { b: 1, a: [2] },
  name: 'Ada',
  agent_id: 'ada',
  format: 1,
  prompt_config: { instructions: 'You are Ada.\n', greeting: 'Hello', 'x-note': true },
  schema_config: { fields: [{ metadata: { 'x-a': 1 }, field_name: 'system_response', field_type: 'str', description: 'said' }] },
}

const bundleIn = (files: BundleFiles) => {
  const read = fromFiles(files)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.bundle
}

describe('the files of an agent', () => {
  test('the prompt is Markdown of its own, keys have one order, every file ends in one newline', () => {
    const files = toFiles({ content, versions: [] })
    expect([...files.keys()]).toEqual(['agent.json', 'prompt.md'])
    expect(files.get('prompt.md')).toBe('You are Ada.\n\n')
    expect(files.get('agent.json')).toMatch(
      /^\{\n {2}"format": 1,\n {2}"agent_id": "ada",\n {2}"name": "Ada",[^]*"zz_unknown": \{\n {4}"a"[^]*\}\n$/,
    )
    expect(bundleIn(files).content).toEqual(content)
  })

  test('a prompt that a text file cannot carry stays in agent.json, unharmed', () => {
    for (const instructions of ['a\r\nb', '\ufeffa', 'half \ud83d of a pair']) {
      const files = toFiles({ content: { ...content, prompt_config: { instructions } }, versions: [] })
      expect(files.has('prompt.md')).toBe(false)
      expect(bundleIn(files).content['prompt_config']).toEqual({ instructions })
    }
  })

  test('a prompt that was checked out on Windows, or written without a last newline, is the same prompt', () => {
    const files = new Map(toFiles({ content: { ...content, prompt_config: { instructions: 'a\nb' } }, versions: [] }))
    for (const text of ['a\r\nb\r\n', 'a\nb', '\ufeffa\nb\n']) {
      expect(bundleIn(files.set('prompt.md', text)).content['prompt_config']).toEqual({ instructions: 'a\nb' })
    }
  })

  test('whatever the document and its versions hold, they come back, and go out again byte for byte', () => {
    const documents = fc
      .record({ extra: fc.dictionary(fc.string(), fc.jsonValue()), instructions: fc.string({ unit: 'binary' }) })
      .map(({ extra, instructions }): DocumentJson => {
        const { ['__proto__']: _reserved, ...kept } = JSON.parse(JSON.stringify(extra)) as Record<string, never>
        return { ...kept, agent_id: 'ada', name: 'Ada', prompt_config: { instructions } }
      })
    const versions = fc.uniqueArray(
      fc.record({
        version: fc.constantFrom('1.0.0', '1.1.0', '2.0.0-rc.1'),
        name: fc.string(),
        note: fc.string(),
        author: fc.string(),
        created_at: fc.nat(),
        content: documents,
      }),
      {
        selector: ({ version }) => version,
      },
    )
    fc.assert(
      fc.property(documents, versions, (head, published) => {
        fc.pre(!JSON.stringify([head, published]).includes('"__proto__"'))
        const files = toFiles({ content: head, versions: published })
        const read = bundleIn(files)
        expect(read.content).toEqual(head)
        expect([...toFiles(read)]).toEqual([...files])
      }),
    )
  })
})

describe('files that are no agent', () => {
  const good = toFiles({
    content,
    versions: [{ version: '1.0.0', name: 'first', note: '', author: 'local', created_at: 1, content }],
  })
  const problemsOf = (change: Record<string, string | undefined>) => {
    const files = new Map(good)
    for (const [path, text] of Object.entries(change))
      if (text === undefined) files.delete(path)
      else files.set(path, text)
    const read = fromFiles(files)
    return read.ok ? [] : read.problems.map(({ path, message }) => `${path} ${message}`)
  }

  test.each<[string, Record<string, string | undefined>, RegExp]>([
    ['no document', { 'agent.json': undefined }, /^agent\.json is missing/],
    ['no JSON', { 'agent.json': '{' }, /^agent\.json is not JSON/],
    ['a list', { 'agent.json': '[]' }, /^agent\.json# Invalid input/],
    [
      'a reserved key',
      { 'agent.json': '{"a":{"__proto__":{"b":1}},"prompt_config":{}}' },
      /^agent\.json#\/a\/__proto__ has a reserved name/,
    ],
    ['bottomless nesting', { 'agent.json': `${'[{"a":'.repeat(5000)}1${'}]'.repeat(5000)}` }, /nested more than 60 deep/],
    ['no prompt', { 'prompt.md': undefined }, /^prompt\.md is missing/],
    ['two prompts', { 'agent.json': '{"prompt_config":{"instructions":"x"}}' }, /instructions stand in prompt\.md already/],
    [
      'a changed version',
      { 'versions/1.0.0/prompt.md': 'changed' },
      /^versions\/1\.0\.0\/version\.json#\/content_hash does not match/,
    ],
    ['a version without its data', { 'versions/1.0.0/version.json': undefined }, /^versions\/1\.0\.0\/version\.json is missing/],
    ['no version name', { 'versions/latest/agent.json': '{}' }, /"latest" is not a semantic version/],
  ])('%s', (_, change, expected) => {
    expect(problemsOf(change).join('\n')).toMatch(expected)
  })
})
