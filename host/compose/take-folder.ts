import { mkdirSync } from 'node:fs'
import { StudioError } from '../../core/contract/errors.ts'
import { lockFolder } from '../stores/sqlite/folder-lock.ts'
import type { Closing } from './closing.ts'

/** Makes the data folder and keeps it for this process until it closes. Throws `conflict` while another process holds it. */
export function takeFolder(data_dir: string, closing: Closing): void {
  mkdirSync(data_dir, { recursive: true, mode: 0o700 })
  const lock = lockFolder(data_dir)
  if (!lock) throw folderTaken(data_dir)
  closing.add(lock.release)
}

const folderTaken = (data_dir: string): StudioError =>
  new StudioError(
    'conflict',
    `Another Greenroom is using ${data_dir}.`,
    'Use that one, close it, or choose another folder with --data.',
  )
