import { sql } from 'kysely'
import type { ArmStats } from '../../../core/contract/releases.ts'
import type { CallsDb } from './calls-schema.ts'

/** How the versions of a release did: sessions begun since then, and the silences before their answers. */
export async function armStats(db: CallsDb, tenant_id: string, release_id: string, since: number): Promise<readonly ArmStats[]> {
  const sessions = db
    .selectFrom('session')
    .where('session.tenant_id', '=', tenant_id)
    .where('session.release_id', '=', release_id)
    .where('session.started_at', '>=', since)
  const arms = await sessions
    .select((eb) => [
      'release_version',
      eb.fn.countAll<number>().as('sessions'),
      eb.fn.sum<number>('turn_count').as('turns'),
      eb.fn.count<number>('error').as('failed'),
    ])
    .groupBy('release_version')
    .orderBy('release_version')
    .execute()
  const silences = sessions
    .innerJoin('turn', 'turn.session_id', 'session.session_id')
    .where('turn.silence_ms', 'is not', null)
    .select([
      'session.release_version',
      'turn.silence_ms',
      sql<number>`row_number() over (partition by session.release_version order by turn.silence_ms)`.as('place'),
      sql<number>`count(*) over (partition by session.release_version)`.as('total'),
    ])
  const percentiles = await db
    .selectFrom(silences.as('silence'))
    .select((eb) => [
      'release_version',
      // The least silence that half, or 95 of 100, are not above.
      eb.fn.min<number>(sql`case when place * 2 >= total then silence_ms end`).as('p50'),
      eb.fn.min<number>(sql`case when place * 100 >= total * 95 then silence_ms end`).as('p95'),
    ])
    .groupBy('release_version')
    .execute()
  const silenceOf = new Map(percentiles.map((row) => [row.release_version, row]))
  return arms.map(({ release_version, sessions: count, turns, failed }) => {
    const silence = silenceOf.get(release_version)
    return {
      version: release_version ?? '',
      sessions: count,
      turns,
      error_rate: failed / count,
      ...(silence && { silence_p50_ms: silence.p50, silence_p95_ms: silence.p95 }),
    }
  })
}
