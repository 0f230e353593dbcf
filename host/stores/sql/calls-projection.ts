import { sql } from 'kysely'
import { TurnTimes, type JournalEvent } from '../../../core/contract/session-events.ts'
import { parseJson } from '../../../core/json.ts'
import { isHeardByCaller } from '../../../core/session/heard-by-caller.ts'
import { changedSums, medianSilence } from './call-sums.ts'
import type { CallWrite } from './calls-commit.ts'
import type { CallsDb, SessionTable } from './calls-schema.ts'

type SessionChange = Partial<Omit<SessionTable, 'session_id' | 'tenant_id'>>

/** What follows from a journal event beside the journal itself: the turn's row, the search, and what the session's row becomes. */
export async function project({ db: writer }: CallWrite, session: SessionTable, event: JournalEvent): Promise<SessionChange> {
  const { session_id } = session
  const sums: SessionChange = changedSums(session, event)
  switch (event.type) {
    case 'session.recovered':
      await loseOpenTurns(writer, session_id)
      return sums
    case 'session.ended':
      await loseOpenTurns(writer, session_id)
      await writer.deleteFrom('session_command').where('session_id', '=', session_id).execute()
      return { ...sums, owner: null, lease_until: null }
    case 'turn.started':
      await addTurn(writer, session_id, event)
      return sums
    case 'transcript.final':
      await writer.updateTable('turn').set({ heard: event.text }).where('turn_id', '=', event.turn_id).execute()
      await addUtterance(writer, session_id, event.text)
      return sums
    case 'output.done':
      await writer
        .updateTable('turn')
        .set({ raw: event.raw, output: JSON.stringify(event.output), parse: event.parse })
        .where('turn_id', '=', event.turn_id)
        .execute()
      return sums
    case 'turn.committed':
      await commitTurn(writer, event)
      await addUtterance(writer, session_id, event.spoken)
      return { ...sums, ...(await silenceColumns(writer, session_id)) }
    case 'participant':
      return event.caller && event.change !== 'left' ? { caller_identity: event.identity } : {}
    default:
      return sums
  }
}

async function addTurn(writer: CallsDb, session_id: string, event: JournalEvent & { type: 'turn.started' }): Promise<void> {
  const { turn_id, index: turn_index, attempt, source, revision, at: started_at } = event
  await writer
    .insertInto('turn')
    .values({ turn_id, session_id, turn_index, attempt, source, revision, state: 'open', started_at, interrupted: 0 })
    .execute()
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

async function silenceColumns(writer: CallsDb, session_id: string): Promise<SessionChange> {
  const rows = await writer
    .selectFrom('turn')
    .select(['silence_ms', 'times'])
    .where('session_id', '=', session_id)
    .where('silence_ms', 'is not', null)
    .execute()
  const silences = rows.flatMap(({ silence_ms: ms, times }) =>
    ms === null ? [] : { ms, heard: isHeardByCaller(TurnTimes.safeParse(parseJson(times ?? '')).data ?? {}) },
  )
  const median = medianSilence(silences)
  return { silence_p50_ms: median?.ms ?? null, silence_sent: median?.heard === false ? 1 : 0 }
}
