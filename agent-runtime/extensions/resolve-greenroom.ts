import { registerHooks } from 'node:module'

const ENTRY = 'greenroom/extension'
/** What the entry has at run time; all else of it are types. */
const SOURCE = 'export const defineExtension = (extension) => extension'
const OURS: ReadonlySet<string> = new Set(['zod'])

/** Extensions lie anywhere: `greenroom/extension` is there without being installed beside them, and so is zod where they bring none. */
export function resolveGreenroom(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === ENTRY) return { url: `data:text/javascript,${encodeURIComponent(SOURCE)}`, shortCircuit: true }
      try {
        return next(specifier, context)
      } catch (cause) {
        if (!OURS.has(specifier)) throw cause
        return next(specifier, { ...context, parentURL: import.meta.url })
      }
    },
  })
}
