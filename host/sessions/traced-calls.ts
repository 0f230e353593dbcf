import type { Logger } from 'pino'
import type { AgentDocument } from '../../core/agent/document.ts'
import type { SessionId } from '../../core/contract/ids.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import { isJsonObject } from '../../core/json.ts'
import type { StoredSession } from '../../core/store/calls.ts'
import type { TenantScope } from '../../core/store/scope.ts'
import type { AskedCall } from './session-config.ts'
import type { CallTracing } from './session-deps.ts'

type Built = Readonly<{ document: AgentDocument; config: Readonly<{ revision: number }> }>

/** Tells whoever traces calls what they need to know; what goes wrong there never reaches a call. */
export function createTracedCalls(tracing: CallTracing | undefined, log: Logger) {
  const traces = new Map<SessionId, Readonly<{ trace: ReturnType<CallTracing['begin']>; session: StoredSession }>>()
  return {
    begin(scope: TenantScope, session: StoredSession): void {
      if (tracing) traces.set(session.session_id, { trace: tracing.begin(scope, session), session })
    },
    /** This answers from the next turn on. */
    async configured(session_id: SessionId, { overrides, variables }: AskedCall, { document, config }: Built): Promise<void> {
      const found = traces.get(session_id)
      if (!found) return
      const asked = overrides?.['tracing_config']
      const forced = isJsonObject(asked) && asked['enabled'] === true
      const { trace, session } = found
      await trace
        .configured({ document, revision: config.revision, variables: variables ?? session.input.variables, forced })
        .catch((error: unknown) => log.warn({ session_id, error }, 'a call is not traced'))
    },
    told: (session_id: SessionId, events: readonly SessionEvent[]): void => traces.get(session_id)?.trace.told(events),
    forget: (session_id: SessionId): void => void traces.delete(session_id),
  }
}
