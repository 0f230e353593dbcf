import { readShort, type ShortDraft } from '../../core/agent/short-view.ts'
import { hasRole, type Caller } from '../../core/contract/caller.ts'
import type { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import type { StoredAgent } from '../../core/store/agents.ts'
import type { Change } from '../../core/store/store.ts'
import type { HandlersOf } from '../handler.ts'
import { scopeOf } from './agent-deps.ts'
import type { ApiDeps } from './api/api-deps.ts'
import { changedContent } from './api/content-from.ts'
import { createShortAgent } from './api/create-short-agent.ts'
import { requireMatch } from './api/etag.ts'
import { noSuchAgent } from './api/find-agent.ts'
import { findNamed, findShort } from './api/find-short.ts'
import { inOwnWords, nameTaken, withKeys } from './api/short-draft.ts'
import { purgeAgent } from './api/purge-agent.ts'
import { createShortReader, type ShortAnswer } from './api/short-reader.ts'
import { chosenDefault, defaultAgent, defaultChanges } from './api/user-default.ts'
import { createWholeReader } from './api/whole.ts'
import { writeAgent, type AgentEdit } from './api/write-agent.ts'

type ShortNames =
  'short.list' | 'short.create' | 'short.get' | 'short.current' | 'short.update' | 'short.delete' | 'short.set_default'

/** The agents API: a short view of the same documents for two families of clients (`production-api.md`, part B). */
export const shortHandlers = (deps: ApiDeps): HandlersOf<ShortNames> => {
  const { store } = deps
  const read = createShortReader(createWholeReader(store))
  const answer = async (caller: Caller, agent: StoredAgent): Promise<ShortAnswer> =>
    read(scopeOf(caller), agent, await defaultAgent(store, scopeOf(caller)))

  return {
    'short.list': async (query, { caller }) => {
      const scope = scopeOf(caller)
      const user_default = await defaultAgent(store, scope)
      const { rows, count, next_cursor } = await store.agents.list(scope, { ...query, deleted: false, owner_id: scope.user_id })
      const found = await Promise.all(rows.map(({ agent_id }) => store.agents.find(scope, agent_id)))
      const answers = await Promise.all(found.map((agent) => (agent ? [read(scope, agent, user_default)] : [])).flat())
      return { agents: answers.map(({ agent }) => agent), count, ...(next_cursor !== undefined && { next_cursor }) }
    },
    'short.create': async ({ agent }, { caller }) => answer(caller, await createShortAgent(deps, caller, agent)),
    'short.get': async ({ id }, { caller }) => answer(caller, await findShort(store, scopeOf(caller), id)),
    'short.current': async (_input, { caller }) => {
      const agent_id = await defaultAgent(store, scopeOf(caller))
      const agent = agent_id && (await store.agents.find(scopeOf(caller), agent_id))
      if (!agent) throw noSuchAgent('current')
      return answer(caller, agent)
    },
    'short.update': ({ agent, ...target }, { caller }) =>
      write(caller, target, 'short.update', (found) => update(caller, found, agent), agent),
    'short.delete': async ({ purge, ...target }, { caller }) => {
      if (!purge) return write(caller, target, 'short.delete', async () => ({ enabled: false, note: '' }))
      if (!hasRole(caller.role, 'admin')) throw needsAdmin(caller)
      const agent = await findShort(store, scopeOf(caller), target.id)
      requireMatch(target.if_match, (await answer(caller, agent)).etag, target.id)
      await purgeAgent(deps, scopeOf(caller), agent.summary.agent_id)
      return {}
    },
    'short.set_default': (target, { caller }) =>
      write(caller, target, 'short.set_default', async ({ summary }) => {
        if (!summary.enabled) throw disabled(summary.name)
        return { note: '', others: await defaultChanges(store, caller, summary.agent_id, deps.clock()) }
      }),
  }

  async function write(
    caller: Caller,
    { id, if_match }: Readonly<{ id: string; if_match?: string | undefined }>,
    action: string,
    edit: (agent: StoredAgent) => Promise<AgentEdit>,
    body: JsonObject = {},
  ): Promise<ShortAnswer> {
    const scope = scopeOf(caller)
    const { agent_id } = (await findShort(store, scope, id)).summary
    const guard = async (agent: StoredAgent) => requireMatch(if_match, (await answer(caller, agent)).etag, id)
    const writing = { agent_id, action, edit, ...(if_match !== undefined && { guard }) }
    const written = await inOwnWords(body, () => writeAgent(deps, scope, writing))
    return answer(caller, written)
  }

  async function update(caller: Caller, agent: StoredAgent, body: DocumentJson): Promise<AgentEdit> {
    const scope = scopeOf(caller)
    const { agent_id, name } = agent.summary
    const view = (await answer(caller, agent)).agent
    const draft = await withKeys(deps, scope, agent_id, readShort(body, { content: agent.head.content, view }))
    const renamed = draft.patch['name']
    if (typeof renamed === 'string' && renamed !== name) {
      const other = await findNamed(store, scope, renamed)
      if (other && other.agent_id !== agent_id) throw nameTaken(renamed)
    }
    return {
      content: await changedContent(store, scope, agent, draft.patch),
      enabled: draft.enabled,
      note: '',
      others: [...draft.others, ...(await userDefault(caller, agent, draft))],
    }
  }

  async function userDefault(caller: Caller, { summary }: StoredAgent, { is_default }: ShortDraft): Promise<readonly Change[]> {
    if (is_default === true) return defaultChanges(store, caller, summary.agent_id, deps.clock())
    const chosen = is_default === false ? await chosenDefault(store, scopeOf(caller)) : undefined
    return chosen === summary.agent_id ? defaultChanges(store, caller, null, deps.clock()) : []
  }
}

const needsAdmin = ({ role }: Caller): StudioError =>
  new StudioError(
    'forbidden',
    `Removing an agent for ever needs the role "admin", and the caller is "${role}".`,
    'Disable it instead, or ask an admin.',
  )

const disabled = (name: string): StudioError =>
  new StudioError('conflict', `"${name}" is disabled, so it cannot be the default.`, 'Enable it first.')
