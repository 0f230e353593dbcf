import type { OperationName } from '../../core/contract/index.ts'
import type { Caller } from '../../core/contract/caller.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { Store } from '../../core/store/store.ts'
import type { Emit, HandlersOf } from '../handler.ts'
import { previewEnvFile } from './env-file.ts'
import type { Rotated } from './rotate-secrets.ts'
import type { Secrets, SecretsOf } from './secrets.ts'

export type SecretHandlerDeps = Readonly<{
  secretsOf: SecretsOf
  store: Pick<Store, 'commit'>
  emit: Emit
  /** Absent: these secrets are not sealed with the key of a server. */
  rotate?: (caller: Caller) => Promise<Rotated>
}>

/** What callers may know of secrets: that they are there. */
export function secretHandlers({
  secretsOf,
  store,
  emit,
  rotate,
}: SecretHandlerDeps): HandlersOf<Extract<OperationName, `secret.${string}`>> {
  async function changed<Value>(
    caller: Caller,
    [action, subject]: readonly [`secret.${string}`, string],
    work: (secrets: Secrets) => Promise<Value>,
  ): Promise<Value> {
    const secrets = secretsOf(caller)
    const value = await work(secrets)
    if (!secrets.keepsAudit) await store.commit(caller, [], { action, subject, detail: {} })
    emit({ type: 'secret.changed', tenant_id: caller.tenant_id })
    return value
  }
  return {
    'secret.list': async ({ references }, { caller }) => {
      const secrets = secretsOf(caller)
      return { secrets: await secrets.states(references), ...(await secrets.protection()) }
    },
    'secret.set': ({ name, value }, { caller }) => changed(caller, ['secret.set', name], (secrets) => secrets.set(name, value)),
    'secret.import_env': ({ text, names }, { caller }) =>
      changed(caller, ['secret.import_env', ''], (secrets) => secrets.importEnv(text, names)),
    'secret.preview_env': async ({ text }) => ({ entries: previewEnvFile(text) }),
    'secret.protect': ({ passphrase }, { caller }) =>
      changed(caller, ['secret.protect', ''], (secrets) => secrets.protect(passphrase).then(() => ({}))),
    'secret.unlock': async ({ passphrase }, { caller }) => {
      await secretsOf(caller).unlock(passphrase)
      emit({ type: 'secret.changed', tenant_id: caller.tenant_id })
      return {}
    },
    'secret.delete': ({ name }, { caller }) =>
      changed(caller, ['secret.delete', name], (secrets) => secrets.delete(name).then(() => ({}))),
    'secret.rotate': async (_input, { caller }) => {
      if (rotate) return rotate(caller)
      throw new StudioError(
        'unsupported',
        'The keys of a studio are not sealed with the key of a server.',
        'Set a passphrase under Models & keys instead.',
      )
    },
  }
}
