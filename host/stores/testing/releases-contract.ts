import { expect, test } from 'vitest'
import { v7 } from 'uuid'
import type { Release } from '../../../core/contract/releases.ts'
import { TurnId } from '../../../core/contract/ids.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, agentId, event, newScope, newSession, outcomes, walk } from './samples.ts'

const newRelease = (changes: Partial<Release> = {}): Release => ({
  release_id: v7(),
  agent_id: agentId('one'),
  version: '1.1.0',
  previous: '1.0.0',
  share: 0.1,
  bounds: { max_error_rate: 0.2, min_sessions: 20 },
  state: 'rolling',
  created_at: 5,
  updated_at: 5,
  ...changes,
})

/** Rollouts, and how their arms did. */
export function releasesContract({ stores, second }: UnderTest): void {
  test('are found, listed newest first, and at most one of an agent rolls', async () => {
    const { store } = stores()
    const scope = newScope()
    const save = (release: Release, of = store) => of.commit(scope, [{ kind: 'release.save', release }], AUDIT)
    const past = Array.from({ length: 4 }, (_, index) => newRelease({ state: 'complete', created_at: index }))
    for (const release of past) await save(release)
    const first = newRelease({ created_at: 10 })
    const other = newRelease({ agent_id: agentId('two'), created_at: 11 })
    await save(first)
    await save(other)
    await expect(save(newRelease({ agent_id: agentId('ONE') }))).rejects.toMatchObject({ code: 'conflict' })
    await save({ ...first, share: 0.5, updated_at: 6 })
    expect(await store.releases.find(scope, first.release_id)).toMatchObject({ share: 0.5, bounds: first.bounds })
    const all = await walk((cursor) => store.releases.list(scope, { limit: 2, cursor }))
    expect(all.map(({ created_at }) => created_at)).toEqual([11, 10, 3, 2, 1, 0])
    expect((await store.releases.list(scope, { limit: 9, agent_id: 'TWO' })).rows).toMatchObject([
      { release_id: other.release_id },
    ])
    expect((await store.releases.rolling(scope)).map(({ agent_id }) => agent_id).sort()).toEqual(['one', 'two'])
    await save({ ...first, state: 'stopped', reason: 'errors' })
    const race = [newRelease(), newRelease(), newRelease(), newRelease()].map((release, index) =>
      save(release, index % 2 === 0 ? store : second().store),
    )
    expect(await outcomes(race)).toEqual({ done: 1, codes: Array(3).fill('conflict') })
  })

  test('of those who change one at the same time, the first one did', async () => {
    const scope = newScope()
    const before = newRelease()
    await stores().store.commit(scope, [{ kind: 'release.save', release: before }], AUDIT)
    const stop = ({ store }: Pick<ReturnType<typeof stores>, 'store'>, based_on: number) =>
      store.commit(scope, [{ kind: 'release.save', release: { ...before, state: 'stopped', updated_at: 6 }, based_on }], AUDIT)
    const race = Array.from({ length: 6 }, (_, index) => stop(index % 2 === 0 ? stores() : second(), 5))
    expect(await outcomes(race)).toEqual({ done: 1, codes: Array(5).fill('conflict') })
    await stop(second(), 6)
    const rolling = { ...before, release_id: v7() }
    const unknown = stores().store.commit(scope, [{ kind: 'release.save', release: rolling, based_on: 5 }], AUDIT)
    await expect(unknown).rejects.toMatchObject({ code: 'conflict' })
  })

  test('arms: sessions, turns, errors and silences of each version since then', async () => {
    const { calls } = stores()
    const scope = newScope()
    const release_id = v7()
    async function call(version: string, silences: readonly number[], failed: boolean, started_at = 1000) {
      const session = newSession({ started_at, release: { release_id, version } })
      const { session_id } = session
      let seq = 0
      const turns = silences.flatMap((silence) => {
        const turn_id = TurnId.parse(v7())
        const committed = { turn_id, spoken: '', interrupted: false, metrics: {}, usage: {} } as const
        return [
          event(1, ++seq, { type: 'turn.started', turn_id, index: seq, source: 'voice', revision: 1 }),
          event(1, ++seq, { type: 'turn.committed', ...committed, times: { t0: 0, t6: silence } }),
        ]
      })
      const error = { code: 'provider_failed' as const, message: 'no', hint: '', problems: [] }
      const errors = failed ? [event(1, ++seq, { type: 'session.error', source: 'llm', error, recoverable: true })] : []
      await calls.commit(scope, [
        { kind: 'session.create', session },
        {
          kind: 'journal.append',
          session_id,
          events: [...turns, ...errors, event(1, ++seq, { type: 'notice', text: '', level: 'info' })],
        },
      ])
      expect((await calls.find(scope, session_id))?.release).toEqual({ release_id, version })
    }
    await call('1.0.0', [], false, 10)
    await call('1.0.0', [], false)
    for (const [index, failed] of [false, true, false, false].entries())
      await call(
        '1.1.0',
        Array.from({ length: 5 }, (_, turn) => 100 * (index * 5 + turn + 1)),
        failed,
      )
    const stats = await calls.armStats(scope, release_id, 500)
    expect(stats).toMatchObject([
      { version: '1.0.0', sessions: 1, turns: 0, error_rate: 0 },
      { version: '1.1.0', sessions: 4, turns: 20, error_rate: 0.25 },
    ])
    expect(stats[0]).not.toHaveProperty('silence_p50_ms')
    // Between the neighbours of the exact rank, however a store interpolates.
    expect(stats[1]?.silence_p50_ms).toBeGreaterThanOrEqual(1000)
    expect(stats[1]?.silence_p50_ms).toBeLessThanOrEqual(1100)
    expect(stats[1]?.silence_p95_ms).toBeGreaterThanOrEqual(1900)
    expect(stats[1]?.silence_p95_ms).toBeLessThanOrEqual(2000)
    expect(await calls.armStats(newScope(), release_id, 0)).toEqual([])
    // Of A/B weights the arms are agents.
    await call('Ada', [], false)
    expect((await calls.armStats(scope, release_id, 500)).map(({ version }) => version).sort()).toEqual(['1.0.0', '1.1.0', 'Ada'])
  })
}
