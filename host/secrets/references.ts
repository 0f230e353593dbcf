import { StudioError } from '../../core/contract/errors.ts'

export type Reference = Readonly<{ kind: 'env' | 'secret'; name: string }>

/** Throws `malformed` for what is neither `env:NAME` nor `secret:NAME`. */
export function parseReference(reference: string): Reference {
  const [, kind, name] = /^(env|secret):([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(reference) ?? []
  if ((kind === 'env' || kind === 'secret') && name !== undefined) return { kind, name }
  // The text itself is not repeated: it may be a key that was pasted into the wrong place.
  throw new StudioError(
    'malformed',
    'A key is given neither as "env:NAME" nor as "secret:NAME"',
    'Keep the key under Models & keys and refer to it by name.',
  )
}

/** `toString` and the like are no variables. */
export const variable = (environment: NodeJS.ProcessEnv, name: string): string | undefined =>
  Object.hasOwn(environment, name) ? environment[name] : undefined
