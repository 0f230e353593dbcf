import { parseAgent } from '../../../core/agent/parse-agent.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { AgentReads, ServedRevision } from '../../../core/store/agents.ts'
import type { TenantScope } from '../../../core/store/scope.ts'

type Served = ServedRevision | undefined

/** Calls are never answered by a document that cannot be used: somebody has edited the store by hand, or a newer Greenroom wrote it. */
export type SoundDocuments = Readonly<{
  through: (scope: TenantScope, agent_id: string) => (read: () => Promise<Served>, last: Served) => Promise<Served>
  /** What is not served as it stands in the store, and what is in its place. */
  notes: () => readonly string[]
}>

const LOOK_BACK = 20
const MOST_NOTES = 5

export function createSoundDocuments(agents: Pick<AgentReads, 'listRevisions' | 'findRevision'>): SoundDocuments {
  const unsound = new Map<string, string>()

  /** The newest one that can be used, of those before. */
  async function earlier(
    scope: TenantScope,
    agent_id: string,
    before: number,
  ): Promise<Pick<ServedRevision, 'revision' | 'content'> | undefined> {
    const { rows } = await agents.listRevisions(scope, agent_id, { limit: LOOK_BACK })
    for (const { revision } of rows) {
      if (revision >= before) continue
      const found = await agents.findRevision(scope, agent_id, revision).catch(unlessUnreadable)
      if (found && parseAgent(found.content).ok) return { revision, content: found.content }
    }
    return undefined
  }

  async function inItsPlace(scope: TenantScope, agent_id: string, bad: Served, why: string, last: Served): Promise<Served> {
    const key = `${scope.tenant_id} ${agent_id.toLowerCase()}`
    const told = (instead: string) => {
      unsound.delete(key)
      unsound.set(
        key,
        `The document of "${agent_id}" (tenant ${scope.tenant_id}) in the store cannot be used: ${why}. ${instead}`,
      )
    }
    if (last) {
      told(`Calls go on with revision ${last.revision}.`)
      return { ...last, enabled: bad?.enabled ?? last.enabled }
    }
    const { version: _, ...state } = bad ?? { agent_id, enabled: true }
    const found = await earlier(scope, agent_id, bad?.revision ?? Number.POSITIVE_INFINITY)
    if (found) {
      told(`Calls are answered by revision ${found.revision}.`)
      return { ...state, ...found }
    }
    told('There is no earlier one: calls are refused.')
    throw unusable(agent_id, why)
  }

  return {
    through: (scope, agent_id) => async (read, last) => {
      const { served, why } = await read().then(judged, unreadable)
      if (why !== undefined) return inItsPlace(scope, agent_id, served, why, last)
      unsound.delete(`${scope.tenant_id} ${agent_id.toLowerCase()}`)
      return served
    },
    notes: () => [...unsound.values()].slice(-MOST_NOTES),
  }
}

type Judged = Readonly<{ served: Served; why?: string }>

function judged(served: Served): Judged {
  const parsed = served && parseAgent(served.content)
  if (!parsed || parsed.ok) return { served }
  const [first] = parsed.problems
  return { served, why: first ? `${first.path} ${first.message}`.trim() : 'it is no agent' }
}

function unreadable(cause: unknown): Judged {
  if (!isUnreadable(cause)) throw cause
  return { served: undefined, why: cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'it cannot be read' }
}

/** The row is there, and what is in it is not what was written. */
const isUnreadable = (cause: unknown): boolean =>
  cause instanceof SyntaxError ||
  (cause instanceof Error && cause.name === 'ZodError') ||
  (cause instanceof StudioError && cause.code === 'invalid_document')

function unlessUnreadable(cause: unknown): undefined {
  if (!isUnreadable(cause)) throw cause
}

const unusable = (agent_id: string, why: string): StudioError =>
  new StudioError(
    'invalid_document',
    `The document of "${agent_id}" cannot be used.`,
    'Save it again, or restore an earlier revision.',
    [{ path: '', message: why }],
  )
