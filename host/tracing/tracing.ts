import type { Logger } from 'pino'
import { systemPrompt } from '../../core/agent/system-prompt.ts'
import type { AgentDocument } from '../../core/agent/document.ts'
import type { JsonObject } from '../../core/json.ts'
import { traceSettings } from '../../core/tracing/trace-settings.ts'
import { spanIdOf, traceIdOf, type TraceSpan } from '../../core/tracing/trace-span.ts'
import type { TracedAgent, TracedSession } from '../../core/tracing/traced-session.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { GuardedFetch } from '../fetching/guarded-fetch.ts'
import { presentSecrets, type SecretsFor } from '../runtime/present-secrets.ts'
import { agentTarget, tracingSecrets } from './agent-target.ts'
import { createCallTrace, type CallTrace } from './call-trace.ts'
import type { QueueDeps, TargetState } from './span-queue.ts'
import { createSpanQueues } from './span-queues.ts'
import type { SpanTarget } from './span-target.ts'

/** What answers from the next turn on. */
export type TracedConfig = Readonly<{
  document: AgentDocument
  revision: number
  variables: JsonObject
  /** This session was asked for. */
  forced: boolean
}>

export type Tracing = Readonly<{
  begin: (
    scope: TenantScope,
    session: StoredSession,
  ) => Readonly<{
    configured: (config: TracedConfig) => Promise<void>
    told: CallTrace['told']
  }>
  /** Places that got something so far: of the environment for whose host it is, and those that the tenant's agents name. */
  states: (scope: TenantScope) => readonly TargetState[]
  /** Sends what waits, for a moment. */
  close: () => Promise<void>
}>

export type TracingDeps = Readonly<{
  /** Of the environment. */
  targets: readonly SpanTarget[]
  secretsFor: SecretsFor
  fetchOf: (scope: TenantScope) => Promise<GuardedFetch>
  /** Whose host this is. */
  own: TenantScope['tenant_id']
  version: string
  host_id: string
  environment: Readonly<Record<string, string | undefined>>
  offline: () => boolean
  log: Logger
  clock: () => number
  count: QueueDeps['count']
  pace?: QueueDeps['pace']
}>

/** Traces of the calls of this host, made from their journals: no session process knows of them, and none waits for them. */
export function createTracing(deps: TracingDeps): Tracing {
  const queues = createSpanQueues(deps)

  async function targetsOf(scope: TenantScope, { tracing_config, agent_id }: AgentDocument): Promise<readonly SpanTarget[]> {
    const named = tracingSecrets(tracing_config)
    const secrets = named.length > 0 ? await presentSecrets(deps.secretsFor(scope), named) : {}
    const target = agentTarget(tracing_config, secrets, await deps.fetchOf(scope))
    if (target === undefined) return deps.targets
    if (typeof target !== 'string') return [target]
    deps.log.warn({ agent_id, reason: target }, 'the traces of an agent go nowhere')
    return []
  }

  const ofTenant = (target: SpanTarget, { tenant_id }: TenantScope) => (deps.targets.includes(target) ? undefined : tenant_id)

  return {
    begin(scope, session) {
      const trace = createCallTrace(tracedSession(scope, session))
      return {
        told: trace.told,
        async configured({ document, revision, variables, forced }) {
          const settings = traceSettings(document)
          const targets = settings.enabled ? await targetsOf(scope, document) : []
          trace.configured({
            ...settings,
            enabled: settings.enabled && targets.length > 0,
            forced,
            agent: tracedAgent(document, revision),
            instructions: () => systemPrompt(document, variables),
            send: (spans: readonly TraceSpan[]) =>
              targets.forEach((target) => queues.to(target, ofTenant(target, scope)).add(spans)),
          })
        },
      }
    },
    states: ({ tenant_id }) => queues.states(tenant_id, tenant_id === deps.own),
    close: queues.close,
  }
}

function tracedSession({ tenant_id }: TenantScope, session: StoredSession): TracedSession {
  const { session_id, kind, modality, started_at, room, route, release, input } = session
  const named = input.variables['user_id']
  return {
    ...{
      session_id,
      trace_id: traceIdOf(session_id),
      span_id: spanIdOf(session_id),
      tenant_id,
      kind,
      modality,
      started_at,
      room_name: room?.room_name,
      route,
      release,
    },
    user_id: input.user_id ?? input.as?.user_id ?? (typeof named === 'string' ? named : undefined),
  }
}

function tracedAgent(document: AgentDocument, revision: number): TracedAgent {
  const { agent_id, name, stt_config, llm_config, tts_config } = document
  const model = ({ provider, model: id }: Readonly<{ provider: string; model?: string | undefined }>) => ({ provider, model: id })
  const models = { stt: model(stt_config), llm: model(llm_config), tts: model(tts_config) }
  return { agent_id, agent_name: name, revision, models }
}
