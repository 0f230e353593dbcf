import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '../../core/contract/errors.ts'
import { inWorkFolder, leaveIncoming } from './incoming.ts'
import { installedModels, recordPath } from './installed-models.ts'
import type { InstalledModel } from './installed-models.ts'

/** Deletes a model and tells the bytes that are free again. It is moved aside first, so that it never lies there in half. */
export async function removeModel(
  models_dir: string,
  model_id: string,
  isInUse: (model: InstalledModel) => boolean,
): Promise<number> {
  const model = installedModels(models_dir).find((one) => one.model_id === model_id)
  if (!model) throw new StudioError('not_found', `There is no model "${model_id}" on this machine`, 'See the list of models.')
  const name = model.record?.name ?? model_id
  if (isInUse(model)) {
    throw new StudioError(
      'conflict',
      `A call is using "${name}" just now`,
      'End the call, or wait for it, and remove the model then.',
    )
  }
  await inWorkFolder(models_dir, (folder) =>
    rename(model.path, join(folder, 'removed')).catch((cause: unknown) => {
      throw new StudioError(
        'conflict',
        `"${name}" cannot be removed while a program holds it open`,
        'Close the studio and start it again, then remove the model before a call.',
        [],
        { cause },
      )
    }),
  )
  await rm(recordPath(model.path), { force: true })
  await leaveIncoming(models_dir)
  return model.disk_bytes
}
