import type { HandlersOf } from '../handler.ts'
import type { Secrets } from './secrets.ts'

/** What the page may know of secrets: that they are there. */
export const secretHandlers = (secrets: Secrets): HandlersOf<'secret.list' | 'secret.set' | 'secret.delete'> => ({
  'secret.list': async ({ references }) => ({ secrets: await secrets.states(references), ...(await secrets.protection()) }),
  'secret.set': async ({ name, value }) => secrets.set(name, value),
  'secret.delete': async ({ name }) => {
    await secrets.delete(name)
    return {}
  },
})
