import { expect, test } from 'vitest'
import type { StoredDelivery } from '../../../core/store/webhooks.ts'
import type { UnderTest } from './describe-store.ts'
import { event, newDelivery, newScope, newSession, walk } from './samples.ts'

/** Long before the deliveries of other tests, so that only these are due then. */
const LONG_AGO = 1000

/** What webhooks are told: with the call's end or not at all, each attempt by one instance. */
export function deliveriesContract({ stores, second }: UnderTest): void {
  const begin = async (scope = newScope()) => {
    const session = newSession()
    await stores().calls.commit(scope, [{ kind: 'session.create', session }])
    const save = (...deliveries: StoredDelivery[]) =>
      stores().calls.commit(
        scope,
        deliveries.map((delivery) => ({ kind: 'delivery.save', delivery }) as const),
      )
    return { scope, session_id: session.session_id, save }
  }

  test('an end and its delivery are one commit', async () => {
    const { calls } = stores()
    const { scope, session_id } = await begin()
    const delivery = newDelivery(session_id)
    const both = (attempt: number) =>
      calls.commit(scope, [
        { kind: 'delivery.save', delivery },
        { kind: 'journal.append', session_id, events: [event(attempt, 1, { type: 'session.ended', reason: 'stopped' })] },
      ])
    await expect(both(2)).rejects.toMatchObject({ code: 'conflict' })
    expect(await calls.deliveries.find(scope, delivery.delivery_id)).toBeUndefined()
    expect(await both(1)).toMatchObject([{ session_id, state: 'ended' }])
    expect(await calls.deliveries.find(scope, delivery.delivery_id)).toEqual(delivery)
  })

  test('are listed newest first, without their bodies', async () => {
    const { calls } = stores()
    const { scope, session_id, save } = await begin()
    const all = [1, 2, 3, 4, 5].map((created_at) => newDelivery(session_id, { created_at }))
    await save(...all, newDelivery(session_id, { webhook_id: 'other' }))
    const seen = await walk((cursor) => calls.deliveries.list(scope, 'hook', { limit: 2, cursor }))
    expect(seen).toEqual(all.reverse().map(({ body: _, ...shown }) => shown))
    expect((await calls.deliveries.list(scope, 'hook', { limit: 2 })).count).toBe(5)
    await expect(calls.deliveries.list(scope, 'hook', { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'malformed' })
  })

  test('each goes to one instance, is hidden from the others for a time, and comes again when that is over', async () => {
    const { scope, session_id, save } = await begin(newScope('ben'))
    const due = Array.from({ length: 30 }, (_, index) => newDelivery(session_id, { next_at: LONG_AGO + index }))
    const later = newDelivery(session_id, { next_at: LONG_AGO + 500 })
    const over = newDelivery(session_id, { next_at: LONG_AGO, state: 'delivered' })
    await save(...due, later, over)
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? stores() : second()).calls.deliveries.claim(LONG_AGO + 100, LONG_AGO + 200, 5),
      ),
    )
    // A busy store may give a claimer fewer than there are; nobody is given what another has.
    const again = await stores().calls.deliveries.claim(LONG_AGO + 100, LONG_AGO + 200, 50)
    const claimed = [...claims, again].flat()
    expect(claimed.map(({ delivery }) => delivery.delivery_id).sort()).toEqual(due.map(({ delivery_id }) => delivery_id).sort())
    expect(claimed[0]).toEqual({
      scope,
      delivery: due.find(({ delivery_id }) => delivery_id === claimed[0]?.delivery.delivery_id),
    })
    expect(await stores().calls.deliveries.claim(LONG_AGO + 199, LONG_AGO + 400, 50)).toEqual([])
    const one = { ...due[0]!, attempts: 1, status: 500, next_at: LONG_AGO + 300 }
    await save(one, { ...due[1]!, state: 'delivered', delivered_at: 1 })
    expect(await second().calls.deliveries.claim(LONG_AGO + 200, LONG_AGO + 1000, 50)).toHaveLength(28)
    expect((await second().calls.deliveries.claim(LONG_AGO + 300, LONG_AGO + 1000, 50)).map(({ delivery }) => delivery)).toEqual([
      one,
    ])
    expect(await stores().calls.deliveries.find(scope, one.delivery_id)).toEqual(one)
  })
}
