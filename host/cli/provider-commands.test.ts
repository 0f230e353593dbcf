import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startOpenAiServer, type OpenAiTestServer } from '../../agent-runtime/providers/testing/openai-server.ts'
import { serveStudio, type RunningStudio } from '../serve-studio.ts'
import { createOutput } from './output.ts'
import { runProgram } from './program.ts'

let dir: string
let studio: RunningStudio
let server: OpenAiTestServer
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'greenroom providers é-'))
  vi.stubEnv('CLI_TEST_KEY', 'sk-of-the-test')
  server = await startOpenAiServer({ key: 'sk-of-the-test' })
  studio = await serveStudio({ data_dir: join(dir, 'data'), log: pino({ level: 'silent' }), renderer_dir: dir })
})
afterAll(async () => {
  await studio.close()
  await server.close()
  vi.unstubAllEnvs()
  rmSync(dir, { recursive: true, force: true })
})

async function greenroom(...argv: string[]) {
  let [stdout, stderr] = ['', '']
  const out = createOutput({ write: (text) => (stdout += text) }, { write: (text) => (stderr += text) })
  const run = { out, stdin: Readable.from([]), signal: new AbortController().signal }
  const code = await runProgram(['--data', join(dir, 'data'), ...argv], run)
  return { code, stdout, stderr }
}

const at = () => ['openai-compatible', '--base-url', server.base_url, '--key', 'env:CLI_TEST_KEY']

test('providers are listed, checked with what was heard, and listed as checked', async () => {
  expect((await greenroom('providers', 'list', 'tts')).stdout).toMatch(
    /tts +openai-compatible +.*env:OPENAI_API_KEY.* not verified live/,
  )
  const wav = join(dir, 'sample.wav')
  const checked = await greenroom('providers', 'check', 'tts', ...at(), '--set', 'voice_id=ash', '--out', wav)
  expect(checked.code).toBe(0)
  expect(checked.stdout).toMatch(/^tts openai-compatible .*: works, \d+ ms\n$/)
  expect(checked.stderr).toMatch(/ok +key: env:CLI_TEST_KEY is accepted[^]*ok +voice: /)
  expect(readFileSync(wav).subarray(0, 4).toString()).toBe('RIFF')
  expect((await greenroom('providers', 'list')).stdout).toMatch(/tts +openai-compatible .*passed \d{4}-/)
  const failed = await greenroom('--json', 'providers', 'check', 'llm', ...at(), '--model', 'fault-404')
  expect(failed.code).toBe(1)
  expect(JSON.parse(failed.stdout)).toMatchObject([{ kind: 'llm', ok: false, model: 'fault-404' }])
  expect(JSON.stringify([checked, failed])).not.toContain('sk-of-the-test')
})

test('all that an agent uses is checked with its fields', async () => {
  mkdirSync(join(dir, 'ada'))
  const llm_config = { provider: 'openai-compatible', base_url: server.base_url, api_key: 'env:CLI_TEST_KEY', model: 'm' }
  const document = {
    ...{ format: 1, agent_id: 'ada', name: 'Ada', prompt_config: {} },
    schema_config: { fields: [{ field_name: 'system_response', field_type: 'str', description: 'what is said' }] },
    llm_config: { ...llm_config, fallbacks: [{ provider: 'rehearsal', model: 'instant' }] },
    stt_config: { provider: 'rehearsal' },
    tts_config: { provider: 'espeak-ng' },
  }
  writeFileSync(join(dir, 'ada', 'agent.json'), JSON.stringify(document))
  writeFileSync(join(dir, 'ada', 'prompt.md'), 'You are Ada.\n')
  await greenroom('import', join(dir, 'ada'))
  const { code, stdout } = await greenroom('providers', 'check', '--agent', 'ada')
  expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual([
    'stt rehearsal instant',
    'llm openai-compatible m',
    'llm rehearsal instant',
    'tts espeak-ng',
    '',
  ])
  expect(code).toBe(0)
  const call = await greenroom('call', 'ada', '--text', 'Hello', '--what-if', 'llm=instant')
  expect(call.stdout).toMatch(/provider\.substituted.*What-if/)
  expect((await greenroom('call', 'ada', '--text', 'Hello', '--what-if', 'llm')).code).toBe(1)
})

test('the models that a provider lists, and prices with their source, set and taken back', async () => {
  expect(await greenroom('providers', 'models', 'llm', ...at())).toMatchObject({ code: 0, stdout: 'test-model\n' })
  const price = ['providers', 'prices', 'llm', 'openai-compatible', 'mine']
  expect((await greenroom(...price)).stdout).not.toContain('mine')
  const set = await greenroom(...price, '--input', '0.5', '--output', '$2', '--source', 'our contract')
  expect(set.stdout).toMatch(/mine +\$0\.5 in, \$2 out a million tokens +\d{4}-\d\d-\d\d +our contract \(own\)/)
  const shown = await greenroom('--json', ...price)
  expect(JSON.parse(shown.stdout)).toMatchObject([{ own: true, price: { input_usd: 0.5, output_usd: 2 } }])
  expect((await greenroom(...price, '--reset')).stdout).not.toContain('mine')
  expect(await greenroom(...price, '--input', '1')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--output') as string,
  })
  expect((await greenroom('providers', 'check', 'video', 'x')).code).toBe(2)
})

test('what a call cost stands at its end', async () => {
  await greenroom('providers', 'prices', 'llm', 'openai-compatible', 'm', '--input', '1000', '--output', '1000')
  const { code, stdout, stderr } = await greenroom('call', 'ada', '--text', 'Hello')
  expect(code).toBe(0)
  expect(stdout).toContain('"cost"')
  expect(stderr).toMatch(/The call cost \$0\.\d+, as far as prices are known/)
})
