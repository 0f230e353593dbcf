import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pino } from 'pino'
import { create } from 'tar'
import { ZipFile } from 'yazl'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ModelProgress } from '../../../core/contract/models.ts'
import { findLiveKitServer } from '../../livekit/testing/livekit-server.ts'
import { startPackageServer, type PackageServer } from '../../models/testing/package-server.ts'
import { createLocalServer, type LocalServer, type LocalServerOptions } from './local-server.ts'
import { SERVER_RELEASES } from './local-server-releases.ts'

const here = `${process.platform}-${process.arch}`
let folder: string
let mirror: PackageServer | undefined
let server: LocalServer | undefined

/** A program that says its version, and runs the real one when there is one. */
const program = () => `#!/bin/sh
case "$1" in --version) echo "livekit-server version 9.9.9"; exit 0;; esac
exec "${findLiveKitServer() ?? 'false'}"
`

/** As it is published: the licence and the program, here with something beside that must not get out. */
async function archive(): Promise<Buffer> {
  const work = join(folder, 'made')
  await mkdir(work)
  await writeFile(join(work, 'livekit-server'), program(), { mode: 0o755 })
  await writeFile(join(work, 'LICENSE'), randomBytes(2_000_000))
  await create({ gzip: true, cwd: work, file: join(folder, 'made.tgz') }, ['LICENSE', 'livekit-server'])
  return readFile(join(folder, 'made.tgz'))
}

async function zipped(): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('a licence'), 'LICENSE')
  zip.addBuffer(Buffer.from(program()), 'livekit-server.exe')
  zip.end()
  return buffer(zip.outputStream)
}

const start = async (
  file: string,
  bytes: Buffer,
  sha256 = createHash('sha256').update(bytes).digest('hex'),
  options: Partial<LocalServerOptions> = {},
) => {
  const source = await startPackageServer({ files: { [file]: bytes }, index: 'none' })
  const made = createLocalServer({
    folder: join(folder, 'kept'),
    log: pino({ level: 'silent' }),
    offline: () => false,
    onChange: () => undefined,
    environment: { PATH: '', GREENROOM_LIVEKIT_MIRROR: `${source.url}/mirror` },
    releases: { [here]: { version: '9.9.9', file, sha256, bytes: bytes.length, from: 'https://nowhere.invalid/' } },
    patience: [0, 1, 1],
    ...options,
  })
  mirror = source
  server = made
  return { mirror: source, server: made }
}
const heard: ModelProgress[] = []
const fetchIt = (
  on: LocalServer,
  signal = new AbortController().signal,
  progress: (one: ModelProgress) => void = (one) => void heard.push(one),
) => on.start({ download: true, lan: false }, { signal, progress })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenroom fetch '))
  heard.length = 0
})
afterEach(async () => {
  await server?.close()
  await mirror?.close()
  await rm(folder, { recursive: true, force: true })
})

test('every platform has a hash of its own', () => {
  const hashes = Object.values(SERVER_RELEASES).map(({ sha256 }) => sha256)
  expect(new Set(hashes).size).toBe(5)
  expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true)
})

test.skipIf(process.platform === 'win32')(
  'it is offered, fetched over a cut, checked, unpacked alone, and found the next time',
  async () => {
    const studio = await start('livekit_9.9.9.tar.gz', await archive())
    expect(await studio.server.state()).toMatchObject({
      state: 'missing',
      offered: { version: '9.9.9', from: `${studio.mirror.url}/mirror` },
    })
    studio.mirror.faults.push({ kind: 'cut', after: 1_000_000 })
    const result = await fetchIt(studio.server).catch((cause: unknown) => cause)
    // Without a real server behind it the program ends at once, which is no matter of the download.
    if (findLiveKitServer()) expect(result).toMatchObject({ state: 'ready', found: { by: 'cache', version: '9.9.9' } })
    expect(studio.mirror.ranges).toEqual(['', expect.stringMatching(/^bytes=[1-9]\d*-$/)])
    expect(heard.at(-1)).toMatchObject({
      id: 'livekit-server',
      phase: 'done',
      source: `${studio.mirror.url}/mirror/livekit_9.9.9.tar.gz`,
    })
    expect(await readdir(join(folder, 'kept'))).toEqual(['livekit-server-9.9.9'])
    expect((await studio.server.state()).found).toMatchObject({ by: 'cache', version: '9.9.9' })
  },
)

test('what is not the wanted archive is never run, and nothing of it stays', async () => {
  const studio = await start('livekit_9.9.9.tar.gz', await archive(), '0'.repeat(64))
  await expect(fetchIt(studio.server)).rejects.toMatchObject({
    code: 'provider_failed',
    message: expect.stringContaining('SHA-256'),
  })
  expect(await readdir(join(folder, 'kept'))).toEqual([])
  expect((await studio.server.state()).state).toBe('missing')
})

test('cancelled in the middle, what came is kept for the next try', async () => {
  const studio = await start('livekit_9.9.9.tar.gz', await archive())
  studio.mirror.faults.push({ kind: 'silence', after: 1_200_000 })
  const cancel = new AbortController()
  const stopAt = ({ done_bytes }: ModelProgress) => {
    if (done_bytes > 600_000) cancel.abort()
  }
  await expect(fetchIt(studio.server, cancel.signal, stopAt)).rejects.toMatchObject({ name: 'AbortError' })
  await fetchIt(studio.server).catch(() => undefined)
  expect(studio.mirror.ranges.at(-1)).toMatch(/^bytes=\d+-$/)
  expect(heard.at(-1)?.phase).toBe('done')
})

test('as a zip archive, as it is published for Windows', async () => {
  const studio = await start('livekit_9.9.9.zip', await zipped())
  await fetchIt(studio.server).catch(() => undefined)
  const [kept = ''] = await readdir(join(folder, 'kept'))
  expect(await readFile(join(folder, 'kept', kept), 'utf8')).toBe(program())
})

test('offline nothing is asked', async () => {
  const studio = await start('livekit_9.9.9.tar.gz', await archive(), undefined, { offline: () => true })
  await expect(fetchIt(studio.server)).rejects.toThrow('offline')
  expect(studio.mirror.ranges).toEqual([])
})
