import { StudioError } from '../../core/contract/errors.ts'
import type { TenantScope } from '../../core/store/scope.ts'

export type ResolveSecrets = (references: readonly string[]) => Promise<Readonly<Record<string, string>>>
/** What the documents of a tenant may refer to. */
export type SecretsFor = (scope: TenantScope) => ResolveSecrets

/** Reference → value for those that lead somewhere; one that is missing is for each reader to judge. */
export async function presentSecrets(resolve: ResolveSecrets, references: readonly string[]): Promise<Record<string, string>> {
  const values = await Promise.all([...new Set(references)].map((reference) => resolveOne(resolve, reference)))
  return Object.fromEntries(values.flatMap((value) => Object.entries(value)))
}

async function resolveOne(resolve: ResolveSecrets, reference: string): Promise<Readonly<Record<string, string>>> {
  try {
    return await resolve([reference])
  } catch (error) {
    if (error instanceof StudioError && error.code === 'not_found') return {}
    throw error
  }
}
