import { v7 } from 'uuid'
import { pino } from 'pino'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { StudioError } from '../../../core/contract/errors.ts'
import { blankAgent } from '../../../core/agent/blank-agent.ts'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import type { Stores } from '../../../core/store/stores.ts'
import { openTestStores } from '../../testing/open-test-stores.ts'
import { agentId, AUDIT, create, newScope, newSession, revise } from '../testing/samples.ts'
import { createSoundDocuments } from './sound-documents.ts'
import { withCache } from './with-cache.ts'

const log = pino({ level: 'silent' })
const document = (name: string): DocumentJson => JSON.parse(JSON.stringify(blankAgent(agentId('ada'), name)))

/** How the store behaves from now on; `asked` counts what reaches it. */
type Behaviour = { is: 'well' | 'away' | 'stuck'; asked: number; found: number; spoils?: DocumentJson; feed_is?: 'silent' }

/** A real store, which can be taken away. Methods of three groups are enough: they stand for all. */
function fragile(stores: Stores, how: Behaviour): Stores {
  const through =
    <Args extends readonly unknown[], Value>(method: (...args: Args) => Promise<Value>) =>
    async (...args: Args): Promise<Value> => {
      how.asked += 1
      if (how.is === 'stuck') return new Promise<never>(() => undefined)
      if (how.is === 'away') throw new StudioError('unavailable', 'The server was unplugged.', 'Plug it in.')
      return method(...args)
    }
  const { agents, feed } = stores.store
  const served = through(agents.served)
  const find = through(agents.find)
  const sinceAll = through(feed.sinceAll)
  return {
    ...stores,
    store: {
      ...stores.store,
      agents: {
        ...agents,
        find: (...args) => {
          how.found += 1
          return find(...args)
        },
        served: async (...args) => {
          const found = await served(...args)
          return found && how.spoils ? { ...found, content: how.spoils } : found
        },
      },
      feed: {
        ...feed,
        sinceAll: async (...args) => {
          if (how.feed_is === 'silent') throw new StudioError('unavailable', 'Nobody listens.', 'Listen.')
          return sinceAll(...args)
        },
      },
      commit: through(stores.store.commit),
    },
    calls: { ...stores.calls, find: through(stores.calls.find), commit: through(stores.calls.commit) },
    health: through(stores.health),
  }
}

async function start() {
  const real = await openTestStores()
  const how: Behaviour = { is: 'well', asked: 0, found: 0 }
  const sound = createSoundDocuments(real.store.agents)
  const cached = withCache(
    { ...fragile(real, how), close: async () => undefined },
    {
      ...{ clock: Date.now, log, sound, opened: await real.health() },
    },
  )
  onTestFinished(cached.close)
  return { real, how, cached, scope: newScope() }
}

/** Resolves when the follower has told of what was committed. */
const heard = (stores: Stores) =>
  new Promise<void>((resolve) => {
    const stop = stores.store.feed.watch(() => {
      stop()
      resolve()
    })
  })

test('what is read again is not asked again, until another instance has changed it; many who ask at once ask once', async () => {
  const { real, how, cached, scope } = await start()
  const own = heard(cached)
  await cached.store.commit(scope, [create('ada', document('one'))], AUDIT)
  await own
  await Promise.all([1, 2, 3, 4].map(() => cached.store.agents.find(scope, 'ada')))
  expect((await cached.store.agents.find(scope, 'ADA'))?.summary.name).toBe('one')
  expect(how.found).toBe(1)
  expect(await cached.store.agents.find(scope, 'bob')).toBeUndefined()
  const told = heard(cached)
  await real.store.commit(scope, [revise('ada', document('two'), 1), create('bob', document('bob'))], AUDIT)
  await told
  expect((await cached.store.agents.find(scope, 'ada'))?.summary.name).toBe('two')
  expect((await cached.store.agents.find(scope, 'bob'))?.summary.name).toBe('bob')
})

test('who conflicts with a change that the feed has not told yet reads that change when it tries again', async () => {
  const { real, how, cached, scope } = await start()
  const own = heard(cached)
  await cached.store.commit(scope, [create('ada', document('one'))], AUDIT)
  await own
  expect((await cached.store.agents.find(scope, 'ada'))?.head.revision).toBe(1)
  how.feed_is = 'silent'
  await real.store.commit(scope, [revise('ada', document('two'), 1)], AUDIT)
  await expect(cached.store.commit(scope, [revise('ada', document('three'), 1)], AUDIT)).rejects.toMatchObject({
    code: 'conflict',
  })
  const { head } = (await cached.store.agents.find(scope, 'ada')) ?? {}
  await cached.store.commit(scope, [revise('ada', document('three'), head?.revision ?? 0)], AUDIT)
  expect((await real.store.agents.find(scope, 'ada'))?.head).toMatchObject({ revision: 3, content: { name: 'three' } })
})

describe('while the store is away', () => {
  test('what was good last is answered at once, what was never read is refused, and it is told when it can be read anew', async () => {
    const { how, cached, scope } = await start()
    await cached.store.commit(scope, [create('ada', document('one'))], AUDIT)
    await cached.store.agents.served(scope, 'ada')
    await cached.store.agents.find(scope, 'ada')
    await cached.store.commit(scope, [revise('ada', document('two'), 1)], AUDIT)
    how.is = 'away'
    expect((await cached.store.agents.find(scope, 'ada'))?.summary.name).toBe('one')
    for (let n = 0; n < 3; n += 1)
      await expect(cached.store.agents.find(scope, 'bob')).rejects.toMatchObject({ code: 'unavailable' })
    expect(await cached.health()).toMatchObject({ state: 'down', reason: expect.stringContaining('unplugged') })
    expect((await cached.health()).notes).toContain('What was good last is answered while the store is away.')
    const { asked } = how
    await Promise.all(Array.from({ length: 50 }, () => cached.store.agents.find(scope, 'ada')))
    expect(how.asked - asked).toBeLessThan(5)
    const late = new Promise<void>((resolve) => void cached.onLate(resolve))
    how.is = 'well'
    await late
    expect((await cached.store.agents.find(scope, 'ada'))?.summary.name).toBe('two')
    expect(await cached.health()).toMatchObject({ state: 'ok' })
  })

  test('nobody waits long for one that does not answer at all', async () => {
    const { how, cached, scope } = await start()
    await cached.store.commit(scope, [create('ada', document('one'))], AUDIT)
    await cached.store.agents.find(scope, 'ada')
    await cached.store.commit(scope, [revise('ada', document('two'), 1)], AUDIT)
    how.is = 'stuck'
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const [known, unknown, health] = [
      cached.store.agents.find(scope, 'ada'),
      cached.store.agents.find(scope, 'bob').catch((cause: unknown) => cause),
      cached.health(),
    ]
    await vi.advanceTimersByTimeAsync(2500)
    expect((await known)?.summary.name).toBe('one')
    await vi.advanceTimersByTimeAsync(2500)
    expect(await unknown).toMatchObject({ code: 'unavailable' })
    expect(await health).toMatchObject({ state: 'down' })
  })

  test('a call that begins is there for its host, and is written down before anything of it is', async () => {
    const { real, how, cached, scope } = await start()
    how.is = 'away'
    const session = newSession()
    const { session_id } = session
    expect(await cached.calls.commit(scope, [{ kind: 'session.create', session }])).toMatchObject([{ session_id }])
    expect(await cached.calls.find(scope, session_id)).toEqual(session)
    expect(await cached.calls.find(newScope(), session_id).catch(() => undefined)).toBeUndefined()
    how.is = 'well'
    const event = { type: 'notice', text: 'x', level: 'info', attempt: 1, seq: 1, at: 1, at_ms: 1 } as const
    await cached.calls.commit(scope, [{ kind: 'journal.append', session_id, events: [event] }])
    expect((await real.calls.journal(scope, session_id, { attempt: 0, seq: 0 }, 10)).events).toEqual([event])
  })
})

test('a document that somebody has spoiled is not served: the last good one is, and where there is none, the one before', async () => {
  const { real, how, cached, scope } = await start()
  const other = newScope()
  for (const one of [scope, other]) {
    await cached.store.commit(one, [create('ada', document('one'))], AUDIT)
    await cached.store.commit(one, [revise('ada', document('two'), 1)], AUDIT)
  }
  await cached.store.agents.served(scope, 'ada')
  how.spoils = { format: 1, prompt_config: 7 }
  const told = heard(cached)
  await real.store.commit(scope, [{ kind: 'label.set', agent_id: 'ada', label: 'staging', version: null }], AUDIT)
  await told
  expect(await cached.store.agents.served(scope, 'ada')).toMatchObject({ revision: 2, content: { name: 'two' } })
  expect(await cached.store.agents.served(other, 'ada')).toMatchObject({ revision: 1, content: { name: 'one' } })
  expect((await cached.health()).notes.join(' ')).toMatch(/"ada".*cannot be used.*revision 2.*"ada".*revision 1/s)
  await expect(cached.store.agents.served(newScope(), v7())).resolves.toBeUndefined()
})
