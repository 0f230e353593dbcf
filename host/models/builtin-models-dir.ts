import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { INSTALLED } from './model-set.ts'

/** The folder, when the whole starter set is in it. A part is moved into place only when it is whole, so that being there is enough. */
export function builtinModelsDir(models_dir: string): string | undefined {
  const parts = Object.values(INSTALLED)
  const whole = parts.every(({ folder, files }) => files.every((file) => existsSync(join(models_dir, ...folder, file))))
  return whole ? models_dir : undefined
}
