import { expect, test } from 'vitest'
import { TenantId, UserId } from '../../core/contract/ids.ts'
import { AUDIT, create } from '../stores/testing/samples.ts'
import { openTestStores } from '../testing/open-test-stores.ts'
import { createNextChanges } from './next-changes.ts'

test('a tenant waits for changes only so often; another one is not in its way, and what was given up is free again', async () => {
  const { store } = await openTestStores()
  const next = createNextChanges(store.feed)
  const scopeOf = (tenant: string) => ({ tenant_id: TenantId.parse(tenant), user_id: UserId.parse('u') })
  const [acme, rival] = [scopeOf('acme'), scopeOf('rival')]
  const { token } = await store.feed.since(acme, undefined, 1)
  const ending = new AbortController()
  const wait = { since: token, limit: 10, wait_ms: 60_000, signal: ending.signal }
  const waiting = Array.from({ length: 100 }, () => next(acme, wait))
  await expect(next(acme, wait)).rejects.toMatchObject({ code: 'rate_limited', body: { retry_after_ms: 5000 } })
  const other = next(rival, wait)
  await store.commit(rival, [create('one')], AUDIT)
  expect(await other).toMatchObject({ entries: [{ subject: 'one' }] })
  ending.abort()
  expect((await Promise.all(waiting)).flatMap(({ entries }) => entries)).toEqual([])
  expect(await next(acme, wait)).toMatchObject({ entries: [] })
})
