import type { SessionSpec } from '../../core/contract/runtime.ts'
import type { JournalBody } from '../../core/contract/session-events.ts'
import { createProviderContext } from '../providers/create-provider-context.ts'
import { Call } from './call.ts'
import type { CallHost } from './call-host.ts'
import { createConfigCell, type TurnConfig } from './config-cell.ts'
import { createReport } from './report.ts'
import { createCallRoom } from './room/call-room.ts'
import { createSttLog } from './stt-log.ts'

/** Starts a call. Throws StudioError when its configuration cannot be used. */
export async function startCall(spec: SessionSpec, host: CallHost): Promise<Call> {
  const audience = [host.emit]
  const report = createReport(spec.attempt, (events) => audience.forEach((tell) => tell(events)))
  const providers = createProviderContext(spec, report)
  const { modality, variables, attempt, earlier } = spec
  const sttLog = createSttLog()
  const cell = await createConfigCell(spec.config, {
    modality,
    variables,
    context: providers.context,
    told: sttLog,
    extensions: host.extensions,
  })
  const turnRpc = () => cell.current().document.room_config.turn_rpc === true
  const { askToken } = host
  const room = spec.room && createCallRoom({ room: spec.room, attempt, earlier, before: spec, report, turnRpc, askToken })
  if (room) audience.push(room.tell)
  report.journal(startedEvent(spec, cell.current()))
  const call = new Call({ spec, host, report, providers, cell, sttLog, room })
  await call.start().catch(async (cause: unknown) => {
    await Promise.all([call.letGo(), room?.leave()])
    throw cause
  })
  return call
}

const startedEvent = (spec: SessionSpec, { agent_id, revision, document }: TurnConfig): JournalBody => ({
  type: 'session.started',
  agent_id,
  revision,
  modality: spec.modality,
  providers: { stt: document.stt_config.provider, llm: document.llm_config.provider, tts: document.tts_config.provider },
  ...(spec.what_if && { what_if: spec.what_if }),
})
