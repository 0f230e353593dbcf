import { expect, test } from 'vitest'
import { findSecrets, pastedKeys, secretReferences, withoutSecrets } from './secret-scan.ts'

const places = (document: Parameters<typeof findSecrets>[0]) => findSecrets(document).map(({ path }) => path)

test.each([
  'sk-proj-abcdefghijklmnopqrstuvwx123456',
  'sk-ant-api03-abcdefghijklmnopqrstuvwx',
  'gsk_abcdefghijklmnopqrstuvwxyz012345',
  'AKIAIOSFODNN7EXAMPLE',
  'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  'AIzaSyA-abcdefghijklmnopqrstuvwxyz01234',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijklmnop',
  '-----BEGIN RSA PRIVATE KEY-----\nMII',
  'postgres://user:hunter2@db.example.com/x',
])('%s is a key wherever it stands, and is not repeated', (key) => {
  const found = findSecrets({ prompt_config: { instructions: `Use ${key} please` } })
  expect(found.map(({ path }) => path)).toEqual(['/prompt_config/instructions'])
  expect(found[0]?.message).not.toContain(key)
})

test('a random-looking value under a name for keys is one', () => {
  expect(
    places({ tools: [{ headers: { Authorization: 'Bearer 0f3a9c7e1b', 'X-Api-Key': 'q8Zt2LmP' }, apiKey: 'c0ffee1234567890' }] }),
  ).toEqual(['/tools/0/headers/Authorization', '/tools/0/headers/X-Api-Key', '/tools/0/apiKey'])
})

test('references, templates, names of variables and plain words are no keys', () => {
  expect(
    places({
      llm_config: { api_key: 'env:OPENAI_API_KEY', max_tokens: 200 },
      tools: [
        { headers: { Authorization: 'Bearer {{ token }}' }, password: 'OPENAI_API_KEY', secret: 'it is a secret between us' },
      ],
      schema_config: { fields: [{ field_name: 'token', description: 'the token that the caller reads out' }] },
      prompt_config: { instructions: 'Never ask for a password. Prices: sk-II cream, https://example.com/a:b@c' },
    }),
  ).toEqual([])
})

test('references are listed once each, in order', () => {
  expect(secretReferences({ a: 'secret:openai', b: ['env:X'] }, { c: 'secret:openai', d: 'see env:Y' })).toEqual([
    'env:X',
    'secret:openai',
  ])
})

test('a document without its keys keeps everything else', () => {
  const key = `sk-proj-${'a1B2'.repeat(8)}`
  const document = {
    count: 1,
    llm_config: { api_key: 'c0ffee1234567890', model: 'gpt-4o' },
    list: [`first ${key}, then ghp_${'a1B2'.repeat(9)}.`, null, 'secret:openai', 'redis://:hunter2@db'],
    note: `-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nbye`,
  }
  expect(withoutSecrets(document)).toEqual({
    count: 1,
    llm_config: { api_key: '[key removed]', model: 'gpt-4o' },
    list: ['first [key removed], then [key removed].', null, 'secret:openai', 'redis://[key removed]@db'],
    note: '[key removed]\nbye',
  })
})

test.each(['a.', 'eyJ-', 'eyJaaaaaaaaaa.', 'x://a:', 'www.', '-----BEGIN ', 'sk-', 'sk-ant-a', 'SG.', 'AKIA', ':'])(
  'a document full of %j is looked through in one pass',
  (piece) => {
    expect(findSecrets({ text: piece.repeat(300_000) }).length).toBeLessThan(2)
  },
)

test('what is about to be pasted is told apart, with a name to keep it under', () => {
  const key = 'sk-proj-abcdefghijklmnop1234567890'
  const text = `Use ${key} and gsk_abcdefghijklmnopqrstuvwxyz please`
  expect(
    pastedKeys(text, 'instructions').map(({ what, name, range }) => [what, name, text.slice(range.start, range.end)]),
  ).toEqual([
    ['an OpenAI-style key', 'openai', key],
    ['a Groq key', 'groq', 'gsk_abcdefghijklmnopqrstuvwxyz'],
  ])
  expect(pastedKeys('sk-ant-api03-abcdefghijklmnop1234', 'greeting').map(({ name }) => name)).toEqual(['anthropic'])
  expect(pastedKeys('9f86d081884c7d659a2feaa0c55ad015', 'api_key').map(({ what, name }) => [what, name])).toEqual([['a key', '']])
  expect(pastedKeys('9f86d081884c7d659a2feaa0c55ad015', 'greeting')).toEqual([])
  expect(pastedKeys('redis://me:password@db', 'greeting')).toEqual([])
  expect(pastedKeys('secret:openai', 'api_key')).toEqual([])
})
