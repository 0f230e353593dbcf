import { shortPath, type ShortDraft } from '../../../core/agent/short-view.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { ProviderKind } from '../../../core/providers/index.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Change } from '../../../core/store/store.ts'
import type { ApiDeps } from './api-deps.ts'
import { secretNameOf } from './secret-name.ts'

const KINDS: readonly ProviderKind[] = ['stt', 'llm', 'tts']

/** The draft with references in place of the keys that a client wrote, and what has to be committed for them. Throws for what is no draft. */
export async function withKeys(
  { secrets }: Pick<ApiDeps, 'secrets'>,
  scope: TenantScope,
  agent_id: string,
  draft: ShortDraft,
): Promise<ShortDraft & Readonly<{ others: readonly Change[] }>> {
  if (draft.problems.length > 0) {
    throw new StudioError('invalid_document', 'The agent is not right.', 'See the problems for each place.', draft.problems)
  }
  let { patch } = draft
  const others: Change[] = []
  for (const kind of KINDS) {
    const value = draft.keys[kind]
    if (value === undefined) continue
    const name = secretNameOf(agent_id, kind)
    others.push(...(await secrets.keep(scope, name, value)))
    const block = patch[`${kind}_config`]
    patch = { ...patch, [`${kind}_config`]: { ...(isJsonObject(block) && block), api_key: `secret:${name}` } }
  }
  return { ...draft, patch, others }
}

export const nameTaken = (name: string): StudioError =>
  new StudioError('conflict', `There is an agent "${name}" already.`, 'Choose another name, or change that agent.', [
    { path: '/name', message: 'is taken' },
  ])

/** What is wrong, at its place in the client's own body. */
export async function inOwnWords<T>(body: JsonObject, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof StudioError) || cause.code !== 'invalid_document') throw cause
    const problems = cause.problems.map(({ path, message }) => ({ path: shortPath(path, body), message }))
    throw new StudioError(cause.code, cause.message, cause.hint, problems, { cause })
  }
}
