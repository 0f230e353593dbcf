import * as z from 'zod'

/** `env:NAME` or `secret:NAME`; a value never stands in a document. */
export const SecretReference = z
  .string()
  .regex(
    /^(env:[A-Za-z_][A-Za-z0-9_]*|secret:[A-Za-z0-9][A-Za-z0-9._-]*)$/,
    'must be "env:NAME" or "secret:NAME"; keys themselves do not belong in a document',
  )
