import * as z from 'zod'
import type { ArmStats } from '../../../core/contract/releases.ts'
import { CALLS } from './call-tables.ts'
import type { TenantRows } from './tenant-rows.ts'

const Arm = z.object({
  _id: z.string(),
  sessions: z.number(),
  turns: z.number(),
  failed: z.number(),
  silences: z.array(z.array(z.number())),
})

/** How the versions of a release did: sessions begun since then, and the silences before their answers. */
export async function armStats(
  rows: TenantRows,
  tenant_id: string,
  release_id: string,
  since: number,
): Promise<readonly ArmStats[]> {
  const arms = await rows.aggregate(CALLS, tenant_id, [
    { $match: { 'release.release_id': release_id, started_at: { $gte: since } } },
    {
      $group: {
        _id: '$release.version',
        sessions: { $sum: 1 },
        turns: { $sum: '$turn_count' },
        failed: { $sum: { $cond: [{ $eq: [{ $type: '$error' }, 'string'] }, 1, 0] } },
        silences: { $push: '$silences.ms' },
      },
    },
    { $sort: { _id: 1 } },
  ])
  return arms.map((found) => {
    const { _id, sessions, turns, failed, silences } = Arm.parse(found)
    const ordered = silences.flat().sort((a, b) => a - b)
    const silence_p50_ms = percentile(ordered, 50)
    const silence_p95_ms = percentile(ordered, 95)
    return {
      ...{ version: _id, sessions, turns, error_rate: failed / sessions },
      ...(silence_p50_ms !== undefined && { silence_p50_ms }),
      ...(silence_p95_ms !== undefined && { silence_p95_ms }),
    }
  })
}

/** The least silence that so many of a hundred are not above. */
const percentile = (ordered: readonly number[], of100: number): number | undefined =>
  ordered[Math.ceil((ordered.length * of100) / 100) - 1]
