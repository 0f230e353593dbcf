import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { SessionId } from '../../../core/contract/ids.ts'
import type { Limits } from '../../../core/contract/tenants.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { UnderTest } from './describe-store.ts'
import { newScope } from './samples.ts'

const NOW = Date.UTC(2026, 10, 15)
const MONTH = '2026-11'
const newId = () => SessionId.parse(v7())

/** Sessions and minutes exact, whoever takes them at the same time and whoever dies. */
export function limitsContract({ stores, second }: UnderTest): void {
  const either = (index: number) => (index % 2 === 0 ? stores() : second()).limits
  const take = (
    scope: TenantScope,
    tenant: Limits,
    { index = 0, session_id = newId(), key_id = undefined as string | undefined, key = undefined as Limits | undefined } = {},
    now = NOW,
  ) =>
    either(index).takePlace(scope, { session_id, key_id, owner: `o${index % 3}`, lease_until: now + 4000 }, { tenant, key }, now)

  test('of 50 that come at once, as many get a place as there are', async () => {
    const scope = newScope()
    const all = await Promise.all(Array.from({ length: 50 }, (_, index) => take(scope, { sessions: 7 }, { index })))
    expect(all.filter((reached) => reached === undefined)).toHaveLength(7)
    expect(all.find((reached) => reached !== undefined)).toEqual({ limit: 'sessions', of: 'tenant', used: 7, most: 7 })
    expect(await stores().limits.usage(scope, MONTH, NOW)).toEqual({ sessions: 7, minutes_ms: 0 })
    expect(await take(newScope(), { sessions: 1 })).toBeUndefined()
    expect(await take(scope, { sessions: null })).toBeUndefined()
    expect(await take(scope, {})).toBeUndefined()
  })

  test('a place is renewed by its owner, left, and free again when its lease runs out', async () => {
    const { limits } = stores()
    const scope = newScope()
    const [a, b, c] = [newId(), newId(), newId()]
    for (const session_id of [a, b]) expect(await take(scope, { sessions: 2 }, { session_id })).toBeUndefined()
    expect(await take(scope, { sessions: 2 }, { session_id: a })).toBeUndefined()
    expect(await take(scope, { sessions: 2 }, { session_id: c })).toMatchObject({ used: 2 })
    await limits.leavePlace(newScope(), a)
    await limits.leavePlace(scope, a)
    expect(await take(scope, { sessions: 2 }, { session_id: c })).toBeUndefined()
    await limits.renewPlaces('o0', [b], NOW + 9000)
    await limits.renewPlaces('other', [c], NOW + 9000)
    expect(await limits.usage(scope, MONTH, NOW + 8000)).toMatchObject({ sessions: 1 })
    expect(await take(scope, { sessions: 2 }, {}, NOW + 8000)).toBeUndefined()
    expect(await take(scope, { sessions: 2 }, {}, NOW + 8000)).toMatchObject({ limit: 'sessions', used: 2 })
    expect(await take(scope, { sessions: 2 }, { session_id: c }, NOW + 8000)).toMatchObject({ limit: 'sessions', used: 2 })
  })

  test('a key has limits of its own, within those of its tenant', async () => {
    const scope = newScope()
    const key = { key_id: 'k1', key: { sessions: 1 } }
    expect(await take(scope, { sessions: 3 }, key)).toBeUndefined()
    expect(await take(scope, { sessions: 3 }, key)).toEqual({ limit: 'sessions', of: 'key', used: 1, most: 1 })
    expect(await take(scope, { sessions: 3 }, { ...key, key_id: 'k2' })).toBeUndefined()
    expect(await take(scope, { sessions: 3 })).toBeUndefined()
    expect(await take(scope, { sessions: 3 })).toMatchObject({ of: 'tenant', used: 3 })
  })

  test('a server has a limit over all tenants', async () => {
    // A day that no other test holds places on.
    const day = NOW + 86_400_000
    const place = () => ({ session_id: newId(), owner: 'o', lease_until: day + 10 })
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => either(index).takePlace(newScope(), place(), { tenant: {}, server: 3 }, day)),
    )
    expect(all.filter((reached) => reached === undefined)).toHaveLength(3)
    expect(all.find((reached) => reached !== undefined)).toEqual({ limit: 'sessions', of: 'server', used: 3, most: 3 })
  })

  test('minutes are taken ahead to the last one, settled by what was used, once', async () => {
    const { limits } = stores()
    const scope = newScope()
    const most = { minutes_per_month: 10 }
    const ids = Array.from({ length: 50 }, newId)
    const all = await Promise.all(
      ids.map((session_id, index) => either(index).takeMinutes(scope, { session_id, month: MONTH, ms: 25_000 }, most)),
    )
    expect(all.reduce((sum, { granted_ms }) => sum + granted_ms, 0)).toBe(600_000)
    expect(await limits.usage(scope, MONTH, NOW)).toMatchObject({ minutes_ms: 600_000 })
    expect(await limits.usage(scope, '2026-12', NOW)).toMatchObject({ minutes_ms: 0 })
    expect(await take(scope, most)).toEqual({ limit: 'minutes_per_month', of: 'tenant', used: 10, most: 10 })
    expect(await limits.takeMinutes(scope, { session_id: newId(), month: MONTH, ms: 5 }, most)).toEqual({
      ...{ granted_ms: 0, used_ms: 600_000 },
    })
    const holder = ids[all.findIndex(({ granted_ms }) => granted_ms === 25_000)]!
    await Promise.all(
      [0, 1, 2, 3].map((index) => either(index).settleMinutes(scope, holder, { [MONTH]: 4_000, '2026-12': 1_000 })),
    )
    expect(await limits.usage(scope, MONTH, NOW)).toMatchObject({ minutes_ms: 579_000 })
    expect(await limits.usage(scope, '2026-12', NOW)).toMatchObject({ minutes_ms: 1_000 })
    await limits.settleMinutes(scope, newId(), { [MONTH]: 99_000 })
    await limits.settleMinutes(newScope(), ids[1]!, { [MONTH]: 99_000 })
    expect(await limits.usage(scope, MONTH, NOW)).toMatchObject({ minutes_ms: 579_000 })
    expect(await take(scope, most)).toBeUndefined()
  })

  test('minutes of a key count for the key and for its tenant', async () => {
    const { limits } = stores()
    const scope = newScope()
    const key = { key_id: 'k1', limits: { minutes_per_month: 1 } }
    const [a, b] = [newId(), newId()]
    const ask = (session_id: SessionId, ms: number, of?: typeof key) =>
      limits.takeMinutes(scope, { session_id, month: MONTH, ms, key: of }, { minutes_per_month: 3 })
    expect(await ask(a, 50_000, key)).toEqual({ granted_ms: 50_000, used_ms: 50_000 })
    expect(await ask(a, 50_000, key)).toEqual({ granted_ms: 10_000, used_ms: 60_000 })
    expect(await ask(b, 500_000)).toEqual({ granted_ms: 120_000, used_ms: 180_000 })
    await limits.settleMinutes(scope, a, { [MONTH]: 30_000 })
    expect(await ask(a, 60_000, key)).toEqual({ granted_ms: 30_000, used_ms: 180_000 })
  })

  test('requests of a window are given out to the last one, and anew in the next', async () => {
    const { limits } = stores()
    const scope = newScope()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => either(index).takeRequests(scope, 'tenant', 5, 30, 400)),
    )
    expect(all.reduce((sum, granted) => sum + granted, 0)).toBe(400)
    expect(all).toContain(10)
    expect(await limits.takeRequests(scope, 'key:1', 5, 30, 400)).toBe(30)
    expect(await limits.takeRequests(newScope(), 'tenant', 5, 30, 400)).toBe(30)
    expect(await limits.takeRequests(scope, 'tenant', 6, 30, 400)).toBe(30)
    expect(await limits.takeRequests(scope, 'tenant', 6, 30, 20)).toBe(0)
  })
}
