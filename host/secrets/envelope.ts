/**
 * A tenant's secret as the store keeps it: sealed with a data key of its own, which is sealed with the server's key (AES-256-GCM, a fresh
 * nonce each time). Threat: whoever reads the store, and whoever writes to it: tenant and name are bound to both seals, so that one
 * tenant's secret cannot be put in another's place, nor under another name.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { StudioError } from '../../core/contract/errors.ts'
import type { SealedSecret } from '../../core/store/sealed-secrets.ts'
import type { KeyRing } from './key-ring.ts'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

export type Envelope = Readonly<{
  seal: (tenant_id: string, name: string, value: string, now: number) => Promise<SealedSecret>
  /** Throws `unavailable` when it cannot be opened: another key, or it was changed. */
  open: (tenant_id: string, secret: SealedSecret) => Promise<string>
  /** The same with its data key sealed by the present key; undefined when it is already. */
  reseal: (tenant_id: string, secret: SealedSecret) => Promise<SealedSecret | undefined>
}>

export function createEnvelope(keys: KeyRing): Envelope {
  async function dataKey(tenant_id: string, { name, sealed_key, key_id }: SealedSecret): Promise<Buffer> {
    const found = await keys.find(key_id)
    if (!found) throw cannotOpen(name)
    return opened(found.key, bound('key', tenant_id, name), sealed_key, name)
  }
  async function sealKey(tenant_id: string, name: string, key: Buffer) {
    const present = await keys.present()
    return { sealed_key: sealed(present.key, bound('key', tenant_id, name), key), key_id: present.key_id }
  }
  return {
    async seal(tenant_id, name, value, now) {
      const key = randomBytes(KEY_BYTES)
      const text = sealed(key, bound('value', tenant_id, name), Buffer.from(value, 'utf8'))
      return { name, sealed: text, ...(await sealKey(tenant_id, name, key)), updated_at: now }
    },
    async open(tenant_id, secret) {
      const key = await dataKey(tenant_id, secret)
      return opened(key, bound('value', tenant_id, secret.name), secret.sealed, secret.name).toString('utf8')
    },
    async reseal(tenant_id, secret) {
      if (secret.key_id === (await keys.present()).key_id) return undefined
      return { ...secret, ...(await sealKey(tenant_id, secret.name, await dataKey(tenant_id, secret))) }
    },
  }
}

const bound = (what: 'key' | 'value', tenant_id: string, name: string): Buffer =>
  Buffer.from(JSON.stringify(['greenroom', what, tenant_id, name]))

function sealed(key: Buffer, aad: Buffer, plain: Buffer): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(aad)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

function opened(key: Buffer, aad: Buffer, text: string, name: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw cannotOpen(name)
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(aad).setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch (cause) {
    throw cannotOpen(name, cause)
  }
}

const cannotOpen = (name: string, cause?: unknown): StudioError =>
  new StudioError(
    'unavailable',
    `The secret "${name}" cannot be opened with the keys of this server.`,
    'Start it with GREENROOM_SECRET_KEY as it was (or with that one in GREENROOM_SECRET_KEY_OLD), or set the secret anew.',
    [],
    { cause },
  )
