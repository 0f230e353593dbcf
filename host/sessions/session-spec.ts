import type { RoomSpec, SessionConfig, SessionSpec } from '../../core/contract/runtime.ts'
import type { CallInput } from '../../core/store/calls.ts'
import { pastInSpec, type Past } from './past.ts'

type Of = Pick<SessionSpec, 'session_id' | 'attempt' | 'modality' | 'tenant_id'> &
  Readonly<{ input: CallInput; started_at: number }>

/** What a process is told to begin an attempt with, or to go on with. */
export function specOf(
  { session_id, attempt, modality, tenant_id, input, started_at }: Of,
  config: SessionConfig,
  past: Past,
  room: RoomSpec | undefined,
): SessionSpec {
  return {
    session_id,
    attempt,
    modality,
    ...(tenant_id !== undefined && { tenant_id }),
    config,
    variables: input.variables,
    ...(Object.keys(input.what_if).length > 0 && { what_if: input.what_if }),
    ...(input.tools && { tools: input.tools }),
    ...(room && { room }),
    script: input.script.slice(past.script_used),
    seed: input.seed,
    ...(attempt > 1 && { started_at }),
    ...pastInSpec(past, room !== undefined),
  }
}
