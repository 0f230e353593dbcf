import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serveStudio, type RunningStudio } from '../serve-studio.ts'
import { tinyGguf } from '../models/testing/tiny-gguf.ts'
import { createOutput } from './output.ts'
import { runProgram } from './program.ts'
import { variablesOf } from './call-variables.ts'
import { readWav } from './wav.ts'

let dir: string
let studio: RunningStudio | undefined

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'greenroom cli é-'))
  mkdirSync(join(dir, 'my ada'))
  const fields = [
    { field_name: 'system_response', field_type: 'str', description: 'what is said' },
    { field_name: 'score', field_type: 'int', description: 'how well it goes', constraints: { ge: 1, le: 10 } },
  ]
  const document = {
    format: 1,
    agent_id: 'ada',
    name: 'Ada',
    prompt_config: { greeting: 'Hello.' },
    schema_config: { fields },
    tts_config: { provider: 'espeak-ng' },
    stt_config: { provider: 'rehearsal' },
  }
  writeFileSync(join(dir, 'my ada', 'agent.json'), JSON.stringify(document))
  writeFileSync(join(dir, 'my ada', 'prompt.md'), 'You are Ada. Set score.\n')
})

afterEach(async () => {
  await studio?.close()
  studio = undefined
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
})

/** Runs one command line on the test's data folder, from its arguments to its exit code. */
async function greenroom(...argv: string[]) {
  let [stdout, stderr] = ['', '']
  const out = createOutput({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) })
  const code = await runProgram(['--data', join(dir, 'data'), ...argv], {
    out,
    stdin: Readable.from(['first line\n', '\n', 'second line\n']),
    signal: new AbortController().signal,
  })
  return { code, stdout, stderr, lines: stdout.trimEnd().split('\n') }
}

const startStudio = async () =>
  (studio = await serveStudio({ data_dir: join(dir, 'data'), log: pino({ level: 'silent' }), renderer_dir: dir }))
const events = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line) as { type: string; text?: string; output?: object })

describe.each(['on the folder itself', 'on a running studio'])('%s', (where) => {
  beforeEach(async () => {
    if (where === 'on a running studio') await startStudio()
  })

  test('an agent goes in, is listed and shown, and comes out byte for byte', async () => {
    const ada = join(dir, 'my ada')
    expect(await greenroom('import', '--dry-run', ada)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('ada is new') as string,
    })
    expect(await greenroom('import', ada)).toMatchObject({ code: 0, stdout: 'ada\n' })
    expect(await greenroom('import', '--dry-run', ada)).toMatchObject({ code: 0 })
    expect((await greenroom('list', '--query', 'ada')).stdout).toMatch(/AGENT +NAME .*\nada +Ada/)
    expect((await greenroom('show', 'ada')).stdout).toMatch(/fields +system_response, score[^]*You are Ada\./)
    expect(JSON.parse((await greenroom('--json', 'show', 'ada')).stdout)).toMatchObject({
      summary: { agent_id: 'ada' },
      head: { revision: 1 },
    })
    const bundle = join(dir, 'a.greenroom')
    expect(await greenroom('export', 'ada', '--out', bundle)).toMatchObject({ code: 0, stdout: `${bundle}\n` })
    expect((await greenroom('export', 'ada', '--folder', join(dir, 'out'))).code).toBe(0)
    expect((await greenroom('--data', join(dir, 'other'), 'import', join(dir, 'out'))).code).toBe(0)
    expect((await greenroom('--data', join(dir, 'other'), 'export', 'ada', '--out', join(dir, 'b.greenroom'))).code).toBe(0)
    expect(readFileSync(join(dir, 'b.greenroom'))).toEqual(readFileSync(bundle))
  })

  test('a call is a real one: every event on a line of its own, two answers, and its end', async () => {
    await greenroom('import', join(dir, 'my ada'))
    const { code, lines, stderr } = await greenroom(
      'call',
      'ada',
      '--text',
      'Good morning',
      '--text',
      'And goodbye',
      '--seed',
      '1',
    )
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const seen = events(lines)
    expect(seen.filter(({ type }) => type === 'transcript.final').map(({ text }) => text)).toEqual([
      'Good morning',
      'And goodbye',
    ])
    expect(seen.filter(({ type }) => type === 'output.done')).toMatchObject([
      { output: { score: expect.any(Number) as number } },
      {},
    ])
    expect(seen.filter(({ type }) => type === 'field.delta').length).toBeGreaterThan(3)
    expect(seen.at(-1)?.type).toBe('session.ended')
  })

  test('the type of its output is TypeScript for its frontend', async () => {
    await greenroom('import', join(dir, 'my ada'))
    expect(await greenroom('types', 'ada')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^export type AdaOutput = \{[^]*\n  score: number\n\}\n$/m) as string,
    })
    expect(await greenroom('types', 'nobody')).toMatchObject({ code: 1, stdout: '' })
  })

  test('a reply is spoken into a WAV, and can be heard', async () => {
    await greenroom('import', join(dir, 'my ada'))
    expect((await greenroom('call', 'ada', '--text', 'Good morning', '--out', join(dir, 'reply.wav'))).code).toBe(0)
    const { samples, sample_rate } = readWav(readFileSync(join(dir, 'reply.wav')))
    expect(samples.length / sample_rate).toBeGreaterThan(1)
    expect(Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length)).toBeGreaterThan(0.01)
  })
})

/** Speaks and listens in real time, three processes at once: on a busy machine far slower than alone. */
const SPOKEN_CALLS_MS = 240_000

test('a recording is heard by the agent, and answered', { timeout: SPOKEN_CALLS_MS }, async () => {
  await greenroom('import', join(dir, 'my ada'))
  await greenroom('call', 'ada', '--text', 'Good morning to all of you', '--out', join(dir, 'said.wav'))
  const { code, lines } = await greenroom('call', 'ada', '--wav', join(dir, 'said.wav'))
  expect(code).toBe(0)
  const seen = events(lines)
  expect(seen.map(({ type }) => type)).toContain('user.state')
  expect(seen.filter(({ type }) => type === 'output.done').length).toBeGreaterThan(0)
})

test('a model comes in from a file, is listed, and goes; what is none is refused with the reason', async () => {
  const given = join(dir, 'Tiny Chat.gguf')
  writeFileSync(given, tinyGguf())
  expect(await greenroom('models', 'import', given, '--as', 'tiny')).toMatchObject({ code: 0, stdout: 'tiny\n' })
  const { models } = JSON.parse((await greenroom('--json', 'models', 'list')).stdout) as { models: { model_id: string }[] }
  expect(models.find(({ model_id }) => model_id === 'tiny')).toMatchObject({ kind: 'llm', installed: true, checked: 'own' })
  expect((await greenroom('models', 'list')).stdout).toMatch(/SET +NAME[^]*starter[^]*llm +tiny +installed/)
  expect(await greenroom('models', 'import', given, '--as', 'tiny')).toMatchObject({ code: 1 })
  expect(await greenroom('models', 'remove', 'tiny')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('free again') as string,
  })
  writeFileSync(given, 'a text that somebody renamed')
  expect(await greenroom('models', 'import', given)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no GGUF file') as string,
  })
  expect(await greenroom('models', 'measure', 'nothing')).toMatchObject({ code: 1 })
})

test('lines come from standard input', async () => {
  await greenroom('import', join(dir, 'my ada'))
  const { lines } = await greenroom('call', 'ada', '--text', '-')
  expect(
    events(lines)
      .filter(({ type }) => type === 'transcript.final')
      .map(({ text }) => text),
  ).toEqual(['first line', 'second line'])
})

test('validate says what is wrong, where, and what to do, like a linter', async () => {
  const file = join(dir, 'my ada', 'agent.json')
  expect(await greenroom('validate', join(dir, 'my ada'))).toMatchObject({ code: 0 })
  writeFileSync(
    file,
    JSON.stringify({
      ...(JSON.parse(readFileSync(file, 'utf8')) as object),
      name: '',
      llm_config: { api_key: 'sk-proj-abcdefghijklmnopqrstuvwx' },
    }),
  )
  const { code, lines } = await greenroom('validate', join(dir, 'my ada'))
  expect(code).toBe(1)
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/my ada\/agent\.json#\/name: .+ \(.+\)$/),
      expect.stringMatching(/agent\.json#\/llm_config\/api_key: /),
    ]),
  )
  expect(lines.join()).not.toContain('sk-proj-abc')
})

test.each([
  [2, ['lisst'], 'unknown command'],
  [2, ['call'], 'missing required argument'],
  [2, ['call', 'ada', '--seed', 'x'], 'whole number'],
  [2, ['call', 'ada', '--text', 'x', '--timeout', '0'], 'at least 1'],
  [1, ['show', 'nobody'], 'nobody'],
  [1, ['call', 'nobody', '--text', 'x'], 'nobody'],
  [1, ['call', 'ada'], 'nothing to say'],
  [1, ['call', 'ada', '--wav', 'absent.wav'], 'cannot be read'],
  [1, ['import', 'absent.greenroom'], 'cannot be read'],
  [1, ['validate', 'absent.json'], 'cannot be read'],
  [0, ['--help'], ''],
  [0, ['--version'], ''],
])('exit code %i for %j', async (code, argv, text) => {
  const result = await greenroom(...argv)
  expect(result).toMatchObject({ code, stderr: expect.stringContaining(text) as string })
  if (code !== 0) expect(result.stdout).toBe('')
})

test('with --json a failure is one line of JSON', async () => {
  expect(JSON.parse((await greenroom('--json', 'show', 'nobody')).stderr)).toMatchObject({ error: { code: 'not_found' } })
})

test('variables nest, and are JSON where they can be', () => {
  expect(variablesOf(['name=Ana', 'user.age=3', 'user.tags=["a"]', 'text=a=b'])).toEqual({
    name: 'Ana',
    user: { age: 3, tags: ['a'] },
    text: 'a=b',
  })
  expect(() => variablesOf(['no value'])).toThrow('not a variable')
  expect(() => variablesOf(['__proto__.x=1'])).toThrow('not a variable')
})

test('keys come from standard input or a .env file, and are never printed', async () => {
  expect(await greenroom('secrets', 'set', 'openai')).toMatchObject({
    code: 0,
    stdout: 'Kept. Agents refer to it as secret:openai\n',
  })
  writeFileSync(join(dir, '.env'), 'GROQ_API_KEY=gsk_canary_1234567890\nLOG_LEVEL=debug\n')
  const imported = await greenroom('secrets', 'import', join(dir, '.env'))
  expect(imported).toMatchObject({ code: 0, stdout: 'Kept: secret:GROQ_API_KEY\n' })
  expect(imported.stderr).toContain('line 2: LOG_LEVEL was left out')
  const list = await greenroom('secrets', 'list')
  expect(list.lines.slice(1).map((line) => line.split(/\s+/)[0])).toEqual(['secret:openai', 'secret:GROQ_API_KEY'])
  expect(await greenroom('secrets', 'remove', 'secret:openai')).toMatchObject({ code: 0 })
  expect((await greenroom('secrets', 'list')).stdout + imported.stdout + imported.stderr).not.toMatch(/canary|openai/)
  expect(await greenroom('secrets', 'set', '../x')).toMatchObject({ code: 1 })
  expect(await greenroom('secrets', 'import', join(dir, 'none'))).toMatchObject({ code: 1 })
})
