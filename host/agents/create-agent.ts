import { v7 } from 'uuid'
import { slugAgentId } from '../../core/agent/agent-slug.ts'
import { blankAgent } from '../../core/agent/blank-agent.ts'
import { AgentId } from '../../core/contract/ids.ts'
import { DocumentJson } from '../../core/contract/agents.ts'
import { StudioError } from '../../core/contract/errors.ts'
import type { ParsedInputOf } from '../../core/contract/index.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import { getAgent, type AgentDeps } from './agent-deps.ts'
import { contentFor, isNewerFormat, newerFormat, requireValid } from './document-state.ts'
import { freeAgentId } from './api/free-agent-id.ts'
import { readSamples } from './read-samples.ts'

type CreateInput = ParsedInputOf<'agent.create'>
/** What the new agent begins with; `wanted` is the id that its source suggests. */
type Draft = Readonly<{ name: string; wanted: string; content: DocumentJson }>

/** Makes the agent and returns its id, unique ignoring case; an id that was asked for and is taken is a `conflict`. */
export async function createAgent(deps: AgentDeps, scope: TenantScope, input: CreateInput): Promise<AgentId> {
  const draft = await draftOf(deps, scope, input)
  const agent_id = input.agent_id ?? (await freeAgentId(deps.store, scope, draft.wanted))
  const content = { ...contentFor(agent_id, draft.content), name: draft.name }
  if (!isNewerFormat(content)) requireValid(content)
  await deps.store.commit(scope, [{ kind: 'agent.create', id: v7(), agent_id, content, note: '' }], {
    action: 'agent.create',
    subject: agent_id,
    detail: { source: input.source.kind },
  })
  return agent_id
}

async function draftOf(deps: AgentDeps, scope: TenantScope, { source, name }: CreateInput): Promise<Draft> {
  switch (source.kind) {
    case 'blank': {
      const chosen = name ?? 'New agent'
      const wanted = slugAgentId(chosen)
      return { name: chosen, wanted, content: DocumentJson.parse(blankAgent(wanted, chosen)) }
    }
    case 'sample': {
      const sample = (await readSamples(deps.samples_dir)).find(({ sample_id }) => sample_id === source.sample_id)
      if (!sample) throw new StudioError('not_found', `There is no sample "${source.sample_id}".`, 'agent.samples lists them.')
      return named(sample.content, name, sample.sample_id)
    }
    case 'duplicate': {
      const { head, summary } = await getAgent(deps.store, scope, source.agent_id)
      if (isNewerFormat(head.content)) throw newerFormat()
      const chosen = name ?? `Copy of ${summary.name}`.slice(0, 200)
      return { name: chosen, wanted: slugAgentId(chosen), content: head.content }
    }
    case 'document':
      return named(source.content, name)
  }
}

/** Keeps the id that the document or sample has, unless another name was asked for. */
function named(content: DocumentJson, name: string | undefined, id?: string): Draft {
  const own = typeof content['name'] === 'string' ? content['name'] : ''
  const given = id ?? content['agent_id']
  const usable = name === undefined ? AgentId.safeParse(given).data : undefined
  const chosen = name ?? own
  return { name: chosen, wanted: usable ?? slugAgentId(chosen), content }
}
