import { v7 } from 'uuid'
import { mergeDocument } from '../../../core/agent/merge-document.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { OutputOf, ParsedInputOf } from '../../../core/contract/index.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { ApiDeps } from './api-deps.ts'
import { findAgent } from './find-agent.ts'
import { writeAgent } from './write-agent.ts'

/** For the agent: a change of its document. For one session: whoever holds it is told, and the document stays. */
export async function toggleTracing(
  deps: ApiDeps,
  scope: TenantScope,
  { agent_id: asked, enabled, session_id }: ParsedInputOf<'config.toggle_tracing'>,
): Promise<OutputOf<'config.toggle_tracing'>> {
  if (enabled) await mayTrace(deps, scope)
  if (session_id === undefined) {
    const { summary } = await writeAgent(deps, scope, {
      agent_id: asked,
      action: 'config.toggle_tracing',
      edit: async ({ head }) => ({
        content: mergeDocument(head.content, { tracing_config: { enabled } }),
        note: enabled ? 'Tracing on' : 'Tracing off',
      }),
    })
    return { agent_id: summary.agent_id, enabled }
  }
  const { agent_id } = (await findAgent(deps.store, scope, asked)).summary
  const session = await deps.calls.find(scope, session_id)
  if (session?.agent_id !== agent_id) {
    throw new StudioError(
      'not_found',
      `"${agent_id}" has no session ${session_id}.`,
      'Running sessions stand under /api/v1/sessions.',
    )
  }
  if (session.state === 'ended') {
    throw new StudioError(
      'conflict',
      `The session ${session_id} has ended.`,
      'Switch tracing for the agent, for its next sessions.',
    )
  }
  if (!(await deps.setTracing(scope, session_id, enabled))) {
    await deps.commands.send(scope, { command_id: v7(), session_id, at: deps.clock(), ask: { ask: 'tracing', enabled } })
  }
  // A command to a running session changes nothing that is kept: its audit row stands alone.
  await deps.store.commit(scope, [], { action: 'config.toggle_tracing', subject: agent_id, detail: { session_id, enabled } })
  return { agent_id, enabled, session_id }
}

/** What would have no effect is refused instead of being saved. */
async function mayTrace({ store }: ApiDeps, { tenant_id }: TenantScope): Promise<void> {
  const tenant = await store.directory.tenant(tenant_id)
  if (tenant?.features.tracing !== false) return
  throw new StudioError(
    'forbidden',
    `The tier of the tenant "${tenant_id}" has no tracing.`,
    'An operator of the server can add it: PUT /api/v1/tenants/ID {"features": {"tracing": true}}.',
  )
}
