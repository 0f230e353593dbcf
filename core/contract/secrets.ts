import * as z from 'zod'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

export const SecretName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1-64 letters, digits, ".", "_" or "-"')

/** Never the value: the page sees that it is there, where, and since when. */
export const SecretState = z.object({
  reference: z.string(),
  present: z.boolean(),
  kept_in: z.enum(['keychain', 'encrypted_file', 'environment', 'nowhere']),
  updated_at: Millis.optional(),
})
export type SecretState = Readonly<z.infer<typeof SecretState>>

export const secretOperations = {
  'secret.list': operation({
    kind: 'query',
    role: 'developer',
    summary: 'Secrets by name, and whether the ones asked about are there',
    input: z.object({ references: z.array(z.string()).default([]) }),
    output: z.object({
      secrets: z.array(SecretState),
      protection: z.enum(['keychain', 'encrypted_file']),
      warning: z.string().optional(),
    }),
  }),
  'secret.set': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    idempotent: true,
    summary: 'Keep a secret in the keychain (or, where there is none, in an encrypted file)',
    input: z.object({ name: SecretName, value: z.string().min(1).max(10_000) }),
    output: SecretState,
  }),
  'secret.delete': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    idempotent: true,
    summary: 'Forget a secret',
    input: z.object({ name: SecretName }),
    output: z.object({}),
  }),
} as const
