/*
 * Threat model: what is fetched here is run. A mirror, a proxy or somebody on the way may give another program: nothing is unpacked before
 * the archive has the SHA-256 that stands in this build, only the one file that is wanted is taken out, and it gets its place by a rename,
 * so that a half-written program is never found.
 */
import { chmod, mkdir, rename, rm } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar'
import { openPromise } from 'yauzl'
import { StudioError } from '../../../core/contract/errors.ts'
import type { ModelProgress } from '../../../core/contract/models.ts'
import { download, type DownloadOptions } from '../../fetching/download.ts'
import { overHttp, unreachable } from '../../fetching/file-source.ts'
import { below, endpointOf, request, shown, type Endpoint } from '../../fetching/http-endpoint.ts'
import { partialName } from '../../fetching/wanted-file.ts'
import type { ServerRelease } from './local-server-releases.ts'

/** An address of a folder that has the archive, for those who cannot reach the place where it is published. */
const MIRROR_VARIABLE = 'GREENROOM_LIVEKIT_MIRROR'

export type FetchOptions = Readonly<{
  /** Where fetched programs are kept. */
  folder: string
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
  progress: (progress: ModelProgress) => void
}> &
  Pick<DownloadOptions, 'patience' | 'stallMs'>

/** Where the fetched program of a release lies, or would. */
export const cachedServer = (folder: string, { version }: ServerRelease): string =>
  join(folder, `livekit-server-${version}${process.platform === 'win32' ? '.exe' : ''}`)

/** The place that the archive comes from, for people. */
export const sourceOf = (release: ServerRelease, environment: NodeJS.ProcessEnv): string =>
  shown(endpointOf(environment[MIRROR_VARIABLE] || release.from).url)

/** Fetches, checks and unpacks the program. What came before a cancel or a cut is kept and continued next time. */
export async function fetchServer(release: ServerRelease, options: FetchOptions): Promise<void> {
  const { folder, environment, signal, progress } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const endpoint = below(endpointOf(environment[MIRROR_VARIABLE] || release.from), release.file)
  const bytes = release.bytes ?? (await sizeOf(endpoint, signal))
  const wanted = { name: release.file, bytes, sha256: release.sha256 }
  const told = { id: 'livekit-server', item: release.file, source: shown(endpoint.url), total_bytes: bytes }
  const archive = join(folder, partialName(wanted))
  let last = -Infinity
  const onBytes = (done_bytes: number) => {
    if (done_bytes < bytes && done_bytes - last < bytes / 200) return
    last = done_bytes
    progress({ ...told, phase: done_bytes === bytes ? 'verifying' : 'downloading', done_bytes })
  }
  const { patience, stallMs } = options
  await download(overHttp(endpoint), wanted, archive, {
    signal,
    onBytes,
    ...(patience && { patience }),
    ...(stallMs !== undefined && { stallMs }),
  })
  await unpack(archive, release, folder)
  await rm(archive, { force: true })
  progress({ ...told, phase: 'done', done_bytes: bytes })
}

async function sizeOf(endpoint: Endpoint, signal: AbortSignal): Promise<number> {
  try {
    const { headers } = await request(endpoint, signal, 'HEAD')
    const bytes = Number(headers.get('content-length'))
    if (bytes > 0) return bytes
    throw new Error('the server does not say how large it is')
  } catch (cause) {
    signal.throwIfAborted()
    throw unreachable(shown(endpoint.url), cause)
  }
}

/** Its one program, into place. */
async function unpack(archive: string, release: ServerRelease, folder: string): Promise<void> {
  const work = join(folder, `unpacking-${release.version}`)
  await rm(work, { recursive: true, force: true })
  await mkdir(work, { recursive: true, mode: 0o700 })
  const program = release.file.endsWith('.zip') ? 'livekit-server.exe' : 'livekit-server'
  try {
    if (release.file.endsWith('.zip')) await unzipOne(archive, program, join(work, program))
    else await extract({ file: archive, cwd: work, strict: true, filter: (path, entry) => path === program && isFile(entry) })
    await chmod(join(work, program), 0o700)
    await rename(join(work, program), cachedServer(folder, release))
  } catch (cause) {
    throw new StudioError(
      'provider_failed',
      `${release.file} could not be unpacked: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Make room on the disk and try again, or install livekit-server yourself.',
      [],
      { cause },
    )
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const isFile = (entry: object): boolean => 'type' in entry && entry.type === 'File'

async function unzipOne(archive: string, name: string, to: string): Promise<void> {
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (basename(entry.fileName) !== name) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to))
      return
    }
    throw new Error(`it holds no ${name}`)
  } finally {
    zip.close()
  }
}
