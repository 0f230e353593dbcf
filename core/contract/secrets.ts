import * as z from 'zod'
import { Millis } from './ids.ts'
import { operation } from './operation.ts'

export const SecretName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1-64 letters, digits, ".", "_" or "-"')

/** Never the value: the page sees that it is there, where, and since when. */
export const SecretState = z.object({
  reference: z.string(),
  present: z.boolean(),
  /** `store`: of a server, sealed. */
  kept_in: z.enum(['keychain', 'encrypted_file', 'store', 'environment', 'nowhere']),
  updated_at: Millis.optional(),
})
export type SecretState = Readonly<z.infer<typeof SecretState>>

export const secretOperations = {
  'secret.list': operation({
    kind: 'query',
    role: 'developer',
    summary: 'Secrets by name, and whether the ones asked about are there',
    rest: { method: 'GET', path: '/api/v1/secrets' },
    input: z.object({ references: z.array(z.string()).default([]) }),
    output: z.object({
      secrets: z.array(SecretState),
      /** `locked`: the file wants its passphrase first. */
      protection: z.enum(['keychain', 'encrypted_file', 'passphrase_file', 'locked']),
      warning: z.string().optional(),
    }),
  }),
  'secret.set': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    idempotent: true,
    summary: 'Keep a secret: in the keychain, an encrypted file, or sealed in the store of a server',
    rest: { method: 'PUT', path: '/api/v1/secrets/:name' },
    input: z.object({ name: SecretName, value: z.string().min(1).max(10_000) }),
    output: SecretState,
  }),
  'secret.import_env': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    idempotent: true,
    summary: 'Keep the keys of a .env file: NAME=value becomes secret:NAME',
    /** `names`: only these; absent: all that look like keys. */
    input: z.object({ text: z.string().max(1_000_000), names: z.array(z.string().max(200)).optional() }),
    output: z.object({
      stored: z.array(z.string()),
      /** By name and line, never with the value. */
      skipped: z.array(z.object({ name: z.string(), line: z.int(), reason: z.string() })),
    }),
  }),
  'secret.preview_env': operation({
    kind: 'query',
    role: 'admin',
    summary: 'What a .env file holds, by name: what would be kept, and what not and why',
    input: z.object({ text: z.string().max(1_000_000) }),
    output: z.object({
      /** `skip`: why it is left out when no names are given; `possible`: it is kept when it is named. Never with the value. */
      entries: z.array(z.object({ name: z.string(), line: z.int(), skip: z.string().optional(), possible: z.boolean() })),
    }),
  }),
  'secret.protect': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    summary: 'Encrypt the file of secrets with a passphrase, which is asked for at each start; an empty one takes it off',
    input: z.object({ passphrase: z.string().max(1000) }),
    output: z.object({}),
  }),
  'secret.unlock': operation({
    kind: 'command',
    role: 'admin',
    summary: 'Open the file of secrets with its passphrase until the host ends',
    input: z.object({ passphrase: z.string().min(1).max(1000) }),
    output: z.object({}),
  }),
  'secret.rotate': operation({
    kind: 'command',
    role: 'operator',
    audit: 'secret',
    idempotent: true,
    summary: 'Seal the secrets of all tenants with the present key of the server',
    rest: { method: 'POST', path: '/api/v1/secrets/rotate' },
    input: z.object({}),
    /** `kept`: those that were sealed with it already. */
    output: z.object({ tenants: z.int(), resealed: z.int(), kept: z.int() }),
  }),
  'secret.delete': operation({
    kind: 'command',
    role: 'admin',
    audit: 'secret',
    idempotent: true,
    summary: 'Forget a secret',
    rest: { method: 'DELETE', path: '/api/v1/secrets/:name' },
    input: z.object({ name: SecretName }),
    output: z.object({}),
  }),
} as const
