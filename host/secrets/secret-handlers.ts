import type { OperationName } from '../../core/contract/index.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { previewEnvFile } from './env-file.ts'
import type { Secrets } from './secrets.ts'

/** What the page may know of secrets: that they are there. */
export function secretHandlers(secrets: Secrets, emit: Emit): HandlersOf<Extract<OperationName, `secret.${string}`>> {
  const changed = async <Value>(work: Promise<Value>): Promise<Value> => {
    const value = await work
    emit({ type: 'secret.changed' })
    return value
  }
  return {
    'secret.list': async ({ references }) => ({ secrets: await secrets.states(references), ...(await secrets.protection()) }),
    'secret.set': ({ name, value }) => changed(secrets.set(name, value)),
    'secret.import_env': ({ text, names }) => changed(secrets.importEnv(text, names)),
    'secret.preview_env': async ({ text }) => ({ entries: previewEnvFile(text) }),
    'secret.protect': ({ passphrase }) => changed(secrets.protect(passphrase).then(() => ({}))),
    'secret.unlock': ({ passphrase }) => changed(secrets.unlock(passphrase).then(() => ({}))),
    'secret.delete': ({ name }) => changed(secrets.delete(name).then(() => ({}))),
  }
}
