import { StudioError } from '../../core/contract/errors.ts'
import type { OperationName } from '../../core/contract/index.ts'
import type { HandlersOf } from '../handler.ts'
import type { Secrets } from './secrets.ts'

/** What the page may know of secrets: that they are there. */
export const secretHandlers = (secrets: Secrets): HandlersOf<Extract<OperationName, `secret.${string}`>> => ({
  'secret.list': async ({ references }) => ({ secrets: await secrets.states(references), ...(await secrets.protection()) }),
  'secret.set': async ({ name, value }) => secrets.set(name, value),
  'secret.import_env': missing,
  'secret.protect': missing,
  'secret.unlock': missing,
  'secret.delete': async ({ name }) => {
    await secrets.delete(name)
    return {}
  },
})

const missing = async (): Promise<never> => {
  throw new StudioError('unsupported', 'This cannot be done yet.', 'Set the key by name.')
}
