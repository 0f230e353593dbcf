import { sql } from 'kysely'
import { TurnTimes, type JournalEvent } from '../../../core/contract/session-events.ts'
import { parseJson } from '../../../core/json.ts'
import { isHeardByCaller } from '../../../core/session/heard-by-caller.ts'
import { addCost, previewOf } from './call-sums.ts'
import type { CallWrite } from './calls-commit.ts'
import type { CallsDb, SessionTable } from './calls-schema.ts'

type SessionChange = Partial<Omit<SessionTable, 'session_id' | 'tenant_id'>>

/** What follows from a journal event beside the journal itself: the turn's row, the search, and what the session's row becomes. */
export async function project({ db: writer }: CallWrite, session: SessionTable, event: JournalEvent): Promise<SessionChange> {
  const { session_id } = session
  switch (event.type) {
    case 'session.started':
      return { state: 'active' }
    case 'session.recovered':
      await loseOpenTurns(writer, session_id)
      return { recoveries: session.recoveries + 1 }
    case 'session.ended':
      await loseOpenTurns(writer, session_id)
      await writer.deleteFrom('session_command').where('session_id', '=', session_id).execute()
      return { state: 'ended', ended_at: event.at, end_reason: event.reason, owner: null, lease_until: null }
    case 'turn.started':
      await writer
        .insertInto('turn')
        .values({
          turn_id: event.turn_id,
          session_id,
          turn_index: event.index,
          attempt: event.attempt,
          source: event.source,
          revision: event.revision,
          state: 'open',
          started_at: event.at,
          interrupted: 0,
        })
        .execute()
      return { turn_count: session.turn_count + 1 }
    case 'transcript.final':
      await writer.updateTable('turn').set({ heard: event.text }).where('turn_id', '=', event.turn_id).execute()
      await addUtterance(writer, session_id, event.text)
      return session.preview === '' ? { preview: previewOf(event.text) } : {}
    case 'output.done':
      await writer
        .updateTable('turn')
        .set({ raw: event.raw, output: JSON.stringify(event.output), parse: event.parse })
        .where('turn_id', '=', event.turn_id)
        .execute()
      return {}
    case 'turn.committed':
      await commitTurn(writer, event)
      await addUtterance(writer, session_id, event.spoken)
      return {
        ...(await medianSilence(writer, session_id)),
        cost_nano_usd: addCost(session.cost_nano_usd, event.cost),
      }
    case 'session.error':
      return { error: event.error.message }
    case 'session.routed':
      return { route: event.decision.rule ?? null }
    case 'participant':
      return event.caller && event.change !== 'left' ? { caller_identity: event.identity } : {}
    case 'room.joined':
    case 'room.connection':
    case 'dtmf':
    case 'tool.called':
    case 'tool.done':
    case 'tool.filler':
    case 'config.changed':
    case 'provider.substituted':
    case 'provider.fallback':
    case 'field.done':
    case 'agent.state':
    case 'user.state':
    case 'eot.prediction':
    case 'notice':
      return {}
  }
}

const loseOpenTurns = (writer: CallsDb, session_id: string): Promise<unknown> =>
  writer.updateTable('turn').set({ state: 'lost' }).where('session_id', '=', session_id).where('state', '=', 'open').execute()

const addUtterance = async (writer: CallsDb, session_id: string, text: string): Promise<void> => {
  if (text.trim() !== '')
    await writer
      .insertInto('utterance')
      .values({ session_id, text: text.normalize('NFC') })
      .execute()
}

async function commitTurn(writer: CallsDb, event: JournalEvent & { type: 'turn.committed' }): Promise<void> {
  const { t0, t6 } = event.times
  // Nobody waits in silence for a greeting.
  const asked = sql<boolean>`source in ('voice', 'text')`
  const silence = t0 !== undefined && t6 !== undefined ? t6 - t0 : null
  await writer
    .updateTable('turn')
    .set({
      state: 'committed',
      spoken: event.spoken,
      interrupted: event.interrupted ? 1 : 0,
      times: JSON.stringify(event.times),
      metrics: JSON.stringify(event.metrics),
      usage: JSON.stringify(event.usage),
      ...(event.cost && { cost: JSON.stringify(event.cost) }),
      silence_ms: sql<number | null>`case when ${asked} then cast(${silence} as double precision) end`,
    })
    .where('turn_id', '=', event.turn_id)
    .execute()
}

/**
 * The upper median, so that it is always a silence that was really heard; until the first sound left (`silence_sent`) only where nobody told
 * of any turn when it was heard.
 */
async function medianSilence(writer: CallsDb, session_id: string): Promise<SessionChange> {
  const rows = await writer
    .selectFrom('turn')
    .select(['silence_ms', 'times'])
    .where('session_id', '=', session_id)
    .where('silence_ms', 'is not', null)
    .orderBy('silence_ms')
    .execute()
  const heard = rows.filter(({ times }) => isHeardByCaller(TurnTimes.safeParse(parseJson(times ?? '')).data ?? {}))
  const counted = heard.length > 0 ? heard : rows
  const silence_p50_ms = counted[Math.floor(counted.length / 2)]?.silence_ms ?? null
  return { silence_p50_ms, silence_sent: silence_p50_ms !== null && heard.length === 0 ? 1 : 0 }
}
