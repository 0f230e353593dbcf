import { isModelProgress, type JobProgress } from '../../core/contract/index.ts'
import type { CommandContext } from './command-context.ts'
import { table } from './output.ts'

export async function listModels({ studio, out, isJson }: CommandContext): Promise<number> {
  const { sets } = await (await studio()).call('model.list', {})
  if (isJson) out.json(sets)
  else
    out.result(
      table([
        ['SET', 'NAME', 'STATE', 'DOWNLOAD', 'FOLDER'],
        ...sets.map((set) => [
          set.set_id,
          set.name,
          set.installed ? 'installed' : 'not here',
          megabytes(set.download_bytes),
          set.folder,
        ]),
      ]),
    )
  return 0
}

export async function getModels(
  { studio, out, isJson, signal }: CommandContext,
  id: string,
  options: { source?: string },
): Promise<number> {
  const link = await studio()
  const input = { id, ...(options.source !== undefined && { source: options.source }) }
  const { models } = await link.call('model.get', input, {
    signal,
    onProgress: (progress) => out.progress(progressText(progress)),
  })
  out.note('Done.')
  if (isJson) out.json(models)
  else out.result(models.map(({ name }) => `${name} is here`).join('\n'))
  return 0
}

const progressText = (progress: JobProgress): string => {
  if (!isModelProgress(progress)) return progress.detail
  const { phase, item, done_bytes, total_bytes } = progress
  return `${phase} ${item} ${total_bytes > 0 ? `${Math.floor((done_bytes / total_bytes) * 100)} % of ${megabytes(total_bytes)}` : ''}`.trimEnd()
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(0)} MB`
