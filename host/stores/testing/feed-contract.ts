import { expect, test } from 'vitest'
import type { FeedEntry, TenantFeedEntry } from '../../../core/store/change-feed.ts'
import type { TenantScope } from '../../../core/store/scope.ts'
import type { Store } from '../../../core/store/store.ts'
import type { UnderTest } from './describe-store.ts'
import { AUDIT, create, newKey, newScope, revise } from './samples.ts'

type Page<Entry> = Readonly<{ entries: readonly Entry[]; token: string }>

/** Everything since a token, in as many pages as it takes. */
async function drain<Entry>(since: (token: string) => Promise<Page<Entry>>, token: string) {
  const entries: Entry[] = []
  for (let last = token; ;) {
    const page = await since(last)
    entries.push(...page.entries)
    if (page.entries.length === 0) return { entries, token: page.token }
    last = page.token
  }
}
const readAll = (store: Store, scope: TenantScope, token: string, limit = 7) =>
  drain<FeedEntry>((last) => store.feed.since(scope, last, limit), token)

/** Resolves with the first answer that has what is looked for; asked again whenever the store says so. */
function watched<Value>(store: Store, read: () => Promise<Value | undefined>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const ask = () => void read().then((value) => value !== undefined && (stop(), resolve(value)), reject)
    const stop = store.feed.watch(ask)
    ask()
  })
}

/** Nothing is left out, whoever commits at the same time; who watches is told. */
export function feedContract({ stores, second }: UnderTest): void {
  test('gives what was committed since a token, a page at a time, without what nobody else needs', async () => {
    const { store } = stores()
    const scope = newScope()
    const start = await store.feed.since(scope, undefined, 10)
    expect(start.entries).toEqual([])
    const key = newKey(scope)
    await store.commit(scope, [create('one'), { kind: 'setting.set', values: { theme: 'dark' } }], AUDIT)
    const quiet = { agent_id: 'one', content: {}, based_on: 1, edit: 0, client_id: 'w' }
    await store.commit(scope, [{ kind: 'working_copy.write', ...quiet }], null)
    await store.commit(scope, [{ kind: 'key.save', key }], AUDIT)
    await store.commit(scope, [{ kind: 'key.used', key_id: key.key_id, at: 5 }], null)
    const page = await store.feed.since(scope, start.token, 1)
    expect(page.entries).toMatchObject([{ kind: 'agent.create', subject: 'one', at: expect.any(Number) }])
    const rest = await second().store.feed.since(scope, page.token, 10)
    expect(rest.entries).toMatchObject([
      { kind: 'setting.set', subject: 'settings' },
      { kind: 'key.save', subject: key.key_id },
    ])
    expect(await store.feed.since(scope, rest.token, 10)).toEqual({ entries: [], token: rest.token })
    await expect(store.feed.since(scope, 'nonsense', 10)).rejects.toMatchObject({ code: 'malformed' })
    await expect(store.feed.sinceAll('nonsense', 10)).rejects.toMatchObject({ code: 'malformed' })
  })

  test('while several instances commit for several tenants, readers miss nothing, see nothing twice, and each tenant’s in order', async () => {
    const [a, b] = [newScope(), newScope()]
    const { token } = await stores().store.feed.sinceAll(undefined, 10)
    const committed = Promise.all(
      [a, b].flatMap((scope) =>
        [stores, second].map(async (of, instance) => {
          for (let n = 0; n < 12; n += 1) await of().store.commit(scope, [create(`i${instance}-${n}`)], AUDIT)
        }),
      ),
    )
    const done = { yet: false }
    void committed.finally(() => (done.yet = true))
    const seen: TenantFeedEntry[] = []
    let last = token
    for (let over = false; ;) {
      const page = await second().store.feed.sinceAll(last, 5)
      seen.push(...page.entries)
      last = page.token
      if (over && page.entries.length === 0) break
      over = done.yet
    }
    await committed
    for (const scope of [a, b]) {
      const own = seen.filter(({ tenant_id }) => tenant_id === scope.tenant_id).map(({ subject }) => subject)
      expect(own).toHaveLength(24)
      expect(new Set(own).size).toBe(24)
      for (const instance of [0, 1])
        expect(own.filter((subject) => subject.startsWith(`i${instance}`))).toEqual(
          Array.from({ length: 12 }, (_, n) => `i${instance}-${n}`),
        )
      const { entries } = await readAll(stores().store, scope, token)
      expect(entries.map(({ subject }) => subject)).toEqual(own)
    }
  })

  test('who watches is told of a commit of the other instance and of the own one, until it stops', async () => {
    const { store } = stores()
    const scope = newScope()
    const { token } = await store.feed.since(scope, undefined, 10)
    const after = (from: string) => async () => {
      const page = await store.feed.since(scope, from, 10)
      return page.entries.length > 0 ? page : undefined
    }
    const other = watched(store, after(token))
    await second().store.commit(scope, [create('one')], AUDIT)
    const first = await other
    expect(first.entries).toMatchObject([{ kind: 'agent.create', subject: 'one' }])
    const own = watched(store, after(first.token))
    await store.commit(scope, [revise('one', {}, 1)], AUDIT)
    expect((await own).entries).toMatchObject([{ kind: 'agent.revise', subject: 'one' }])
    let told = 0
    store.feed.watch(() => (told += 1))()
    const later = watched(store, after((await own).token))
    await store.commit(scope, [revise('one', { n: 1 }, 2)], AUDIT)
    await later
    expect(told).toBe(0)
  })
}
