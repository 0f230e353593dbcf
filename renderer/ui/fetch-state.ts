import type { ModelProgress } from '../../core/contract/index.ts'
import { formatBytes } from './format.ts'

const WORDS: Readonly<Record<ModelProgress['phase'], string>> = {
  downloading: 'Downloading',
  verifying: 'Checking',
  converting: 'Converting',
  measuring: 'Measuring',
  done: 'Done',
}

export const percent = ({ done_bytes, total_bytes }: ModelProgress): number =>
  total_bytes > 0 ? Math.min(100, Math.round((done_bytes / total_bytes) * 100)) : 0

/** `Downloading base.pt: 12 MB of 74 MB`. */
export function progressText(progress: ModelProgress): string {
  const bytes = progress.total_bytes > 0 ? `: ${formatBytes(progress.done_bytes)} of ${formatBytes(progress.total_bytes)}` : ''
  return `${WORDS[progress.phase]} ${progress.item}${bytes}`
}
