import type { TenantScope } from './scope.ts'

/** A secret as it is kept: sealed with a data key of its own, which is sealed with the server's (envelope). The store cannot read it. */
export type SealedSecret = Readonly<{
  name: string
  /** AES-256-GCM: nonce, ciphertext, tag; base64. */
  sealed: string
  /** The data key, sealed with the key that `key_id` names; base64. */
  sealed_key: string
  key_id: string
  updated_at: number
}>

export type SecretReads = Readonly<{
  list: (scope: TenantScope) => Promise<readonly SealedSecret[]>
  find: (scope: TenantScope, name: string) => Promise<SealedSecret | undefined>
}>

export type SecretChange =
  Readonly<{ kind: 'secret.keep'; secret: SealedSecret }> | Readonly<{ kind: 'secret.forget'; name: string }>
