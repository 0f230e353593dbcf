import { readShort } from '../../../core/agent/short-view.ts'
import { starterInstructions } from '../../../core/agent/blank-agent.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Caller } from '../../../core/contract/caller.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { StoredAgent } from '../../../core/store/agents.ts'
import { scopeOf } from '../agent-deps.ts'
import type { ApiDeps } from './api-deps.ts'
import { newContent } from './content-from.ts'
import { createAgentDocument } from './create-agent-document.ts'
import { findNamed } from './find-short.ts'
import { freeAgentId } from './free-agent-id.ts'
import { inOwnWords, nameTaken, withKeys } from './short-draft.ts'
import { chosenDefault, defaultChanges } from './user-default.ts'

/** The first agent of a user is the user's default. */
export async function createShortAgent(deps: ApiDeps, caller: Caller, body: DocumentJson): Promise<StoredAgent> {
  const scope = scopeOf(caller)
  const name = nameOf(body)
  if (await findNamed(deps.store, scope, name)) throw nameTaken(name)
  const agent_id = await freeAgentId(deps.store, scope, name)
  return inOwnWords(body, async () => {
    const draft = await withKeys(deps, scope, agent_id, readShort(body))
    const first = (await chosenDefault(deps.store, scope)) === undefined
    const is_default = draft.is_default === true || (first && draft.is_default !== false && draft.enabled !== false)
    return createAgentDocument(deps, scope, {
      agent_id,
      content: newContent(agent_id, withInstructions(draft.patch)),
      enabled: draft.enabled,
      ...(draft.owned && { owner_id: scope.user_id }),
      action: 'short.create',
      others: [...draft.others, ...(is_default ? await defaultChanges(deps.store, caller, agent_id, deps.clock()) : [])],
    })
  })
}

function nameOf({ name }: DocumentJson): string {
  if (typeof name === 'string' && name.trim() !== '' && name.trim().length <= 200) return name.trim()
  throw new StudioError('invalid_document', 'An agent needs a name.', 'Send {"name": "…"} with at most 200 characters.', [
    { path: '/name', message: name === undefined ? 'is missing' : 'must be a text of 1 to 200 characters' },
  ])
}

/** One of the families knows no instructions: its agents begin with those of a new agent. */
function withInstructions(patch: JsonObject): JsonObject {
  const prompt = patch['prompt_config']
  const own = isJsonObject(prompt) ? prompt : {}
  return { ...patch, prompt_config: { ...own, instructions: own['instructions'] ?? starterInstructions } }
}
