import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { speechModels, type SpeechModel } from './speech-models.ts'

/** The models of one kind as they are in the folder now: it is read again when something was put into it or taken out. */
export type ModelList = () => Promise<readonly SpeechModel[]>

export function createModelList(models_dir: string, kind: 'stt' | 'tts'): ModelList {
  let read: Promise<readonly SpeechModel[]> | undefined
  let changed_at: number | undefined
  return async () => {
    // A model arrives by one rename into this folder, and leaves it by another.
    const { mtimeMs } = await stat(join(models_dir, kind)).catch(() => ({ mtimeMs: 0 }))
    if (read && mtimeMs === changed_at) return read
    changed_at = mtimeMs
    read = speechModels(models_dir, kind)
    return read
  }
}
