import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { hasRole, ROLES } from '../core/contract/caller.ts'
import { operations, type OperationName } from '../core/contract/index.ts'
import type { Store } from '../core/store/store.ts'
import { createDispatch } from './dispatch.ts'
import type { Handlers } from './handler.ts'
import { createJobs } from './jobs.ts'
import { openDatabases } from './stores/sqlite/open-databases.ts'
import { studioStoreOn } from './stores/sqlite/stores-on.ts'
import { callerWith, startTestHost, type TestHost } from './testing/start-test-host.ts'

const names = Object.keys(operations).filter((name): name is OperationName => Object.hasOwn(operations, name))
const BAD_INPUTS: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  { agent_id: '../etc', session_id: 'x', limit: -1, id: 3, name: '', content: 1 },
]

let studio: TestHost
beforeAll(async () => {
  studio = await startTestHost()
})
afterAll(() => studio.close())

describe('every operation', () => {
  test.each(names)('%s refuses a role that is too low, before it looks at the input', async (name) => {
    for (const role of ROLES.filter((one) => !hasRole(one, operations[name].role))) {
      const untyped: string = name
      expect(await studio.host.dispatch(callerWith(role), untyped, null)).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      })
    }
  })

  test.each(names)('%s answers bad input with a refusal, never with a failure of its own', async (name) => {
    const untyped: string = name
    for (const input of BAD_INPUTS) {
      const reply = await studio.host.dispatch(callerWith('admin'), untyped, input)
      if (!reply.ok) expect(reply.error.code).not.toBe('internal')
    }
  })
})

test('an unknown name is not found, whatever JavaScript has under it', async () => {
  for (const name of ['nope', 'constructor', '__proto__', 'toString']) {
    expect(await studio.host.dispatch(callerWith('admin'), name, {})).toMatchObject({ ok: false, error: { code: 'not_found' } })
  }
})

test('a change writes its audit row with it, chained, and a refused one writes none', async () => {
  const studio = await startTestHost()
  await studio.call('agent.create', { source: { kind: 'blank' }, name: 'Ada' })
  await studio.dispatch('agent.create', { source: { kind: 'blank' }, agent_id: 'ada' })
  await studio.call('setting.set', { theme: 'dark' })
  await studio.call('setting.set', { ui: { 'layout.left': 300 } })
  await studio.host.close()
  const databases = openDatabases(studio.dir, Date.now)
  const store = studioStoreOn(databases.studio, Date.now)
  const rows = await store.audit.list(callerWith('admin'), 0, 10)
  expect(rows.map(({ seq, action, subject }) => [seq, action, subject])).toEqual([
    [1, 'agent.create', 'ada'],
    [2, 'setting.set', 'settings'],
  ])
  expect(await store.audit.findBreak(callerWith('admin'))).toBeUndefined()
  databases.close()
  await studio.close()
})

describe('with handlers of its own', () => {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const commit = vi.fn<Store['commit']>(async () => undefined)
  const emit = vi.fn()
  const jobs = createJobs()
  const start = (handlers: Partial<Handlers>) =>
    createDispatch({ handlers: handlers as Handlers, store: { commit } as never, emit, jobs, log })
  const admin = callerWith('admin')
  beforeEach(() => {
    lines.length = 0
    commit.mockClear()
    emit.mockClear()
  })

  test('a bug is logged once with its cause, and tells the caller nothing but where to look', async () => {
    const dispatch = start({ 'secret.set': () => Promise.reject(new Error('boom', { cause: new Error('deep') })) })
    const reply = await dispatch(admin, 'secret.set', { name: 'openai', value: 'sk-canary-123' })
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('boom')
    expect(lines[0]).toContain('deep')
    expect(lines.join() + JSON.stringify(reply)).not.toContain('sk-canary-123')
    expect(JSON.stringify(reply)).not.toContain('boom')
    expect(commit).not.toHaveBeenCalled()
  })

  test('an audit row of what is not in the store names it and holds nothing else of the input', async () => {
    const dispatch = start({ 'model.remove': async () => ({ freed_bytes: 1 }) })
    await dispatch(admin, 'model.remove', { model_id: 'tiny' })
    expect(commit.mock.calls).toMatchObject([
      [{ tenant_id: 'local' }, [], { action: 'model.remove', subject: 'tiny', detail: {} }],
    ])
  })

  test('an output that is not what was promised is a bug', async () => {
    const dispatch = start({ 'model.list': async () => ({ sets: [{ wrong: true }] }) as never })
    expect(await dispatch(admin, 'model.list', {})).toMatchObject({ ok: false, error: { code: 'internal' } })
  })

  test('a job reports progress under its id, and can be cancelled by it', async () => {
    const progress = { id: 'starter', phase: 'downloading', item: 'x', done_bytes: 1, total_bytes: 2 } as const
    const dispatch = start({
      'model.get': (_, context) => {
        context.progress(progress)
        return new Promise<never>((_resolve, reject) =>
          context.signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError'))),
        )
      },
    })
    const running = dispatch(admin, 'model.get', { id: 'starter' }, { job_id: 'job-1' })
    expect(await dispatch(admin, 'model.get', { id: 'starter' }, { job_id: 'job-1' })).toMatchObject({
      ok: false,
      error: { code: 'conflict' },
    })
    expect(emit.mock.calls).toEqual([[{ type: 'job.progress', job_id: 'job-1', progress }]])
    expect(jobs.cancel('job-1')).toBe(true)
    expect(await running).toMatchObject({ ok: false, error: { code: 'cancelled' } })
    expect(emit.mock.calls.at(-1)).toEqual([{ type: 'job.ended', job_id: 'job-1' }])
    expect(jobs.cancel('job-1')).toBe(false)
  })
})
