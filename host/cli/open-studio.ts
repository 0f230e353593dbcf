import { setTimeout as pause } from 'node:timers/promises'
import { StudioError } from '../../core/contract/errors.ts'
import { createHostLog } from '../host-log.ts'
import { createHost } from '../host.ts'
import { askRunningHost, readRunFile } from '../http/run-file.ts'
import { localLink } from './local-link.ts'
import { remoteLink } from './remote-link.ts'
import type { StudioLink } from './studio-link.ts'

/** How long a host that is just starting or ending may take. */
const PATIENCE_MS = 10_000
const ASK_EVERY_MS = 200

/** The host that runs on this data folder, else the folder itself. Throws `conflict` when another process holds it and does not answer. */
export async function openStudio(data_dir: string, models_dir: string | undefined): Promise<StudioLink> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  for (;;) {
    const run = await readRunFile(data_dir)
    if (run && (await askRunningHost(data_dir)) !== undefined) return remoteLink(run)
    try {
      return await localLink(
        await createHost({ data_dir, log: createHostLog(data_dir, 'file'), ...(models_dir !== undefined && { models_dir }) }),
      )
    } catch (cause) {
      const isTaken = cause instanceof StudioError && cause.code === 'conflict'
      if (!isTaken || patience.aborted) throw cause
    }
    await pause(ASK_EVERY_MS)
  }
}
