import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { SessionId } from '../../core/contract/ids.ts'
import { scope, startSessions } from './testing/start-sessions.ts'

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Resolves when the process is gone; the test's own limit is the only one. */
const goneOf = async (pid: number): Promise<void> => {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('a session process that dies mid-call is replaced; the call says so and goes on from its journal', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  await studio.say(session.session_id, 'first')
  await page.journaled('turn.committed')
  await studio.say(session.session_id, 'open question')
  await page.until(() => page.all().find(({ type }) => type === 'field.delta' && page.journal().length > 7))

  const [before] = studio.runtime.processes()
  process.kill(before!.pid, 'SIGKILL')
  const recovered = await page.journaled('session.recovered')
  expect(recovered).toMatchObject({ attempt: 2, seq: 1, reason: 'killed by SIGKILL' })
  expect(recovered.gap_ms).toBeGreaterThan(0)
  await studio.say(session.session_id, 'again')
  const answer = await page.journaled('turn.committed', 2)
  expect(answer.spoken).toContain('echo: again (3 lines before')
  expect(page.journal().find(({ type }) => type === 'session.error')).toMatchObject({ attempt: 1, recoverable: true })
  expect(studio.runtime.processes().map(({ pid }) => pid)).not.toContain(before!.pid)

  expect(await studio.sessions.stop(scope, session.session_id)).toMatchObject({ state: 'ended', attempt: 2, turn_count: 3 })
  const { events } = await studio.sessions.journal(scope, session.session_id, { attempt: 0, seq: 0 }, 100)
  expect(events).toEqual(page.journal())
})

test('a process that hangs is killed and replaced', async () => {
  const studio = await startSessions({ limits: { silence: 1500 } })
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  await studio.say(session.session_id, 'hang')
  await page.journaled('session.recovered')
  await studio.say(session.session_id, 'hello')
  await page.journaled('turn.committed')
})

test('what was typed is not lost with the process that got it', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  await studio.say(session.session_id, 'die')
  await studio.say(session.session_id, 'and this')
  expect((await page.journaled('turn.committed')).spoken).toContain('echo: die')
  expect(await page.journaled('turn.committed', 2)).toMatchObject({
    attempt: 2,
    spoken: expect.stringContaining('echo: and this'),
  })
})

test('three deaths within a minute end the call with a reason', async () => {
  const studio = await startSessions()
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  for (let death = 1; death <= 3; death++) {
    await page.journaled('session.started', death)
    process.kill(studio.runtime.processes().find(({ sessions }) => sessions === 1)!.pid, 'SIGKILL')
  }
  expect(await page.journaled('session.ended')).toMatchObject({ attempt: 3, reason: 'runtime_failed' })
  expect(page.journal().at(-2)).toMatchObject({ type: 'session.error', recoverable: false })
  await expect(studio.say(session.session_id, 'hello')).rejects.toMatchObject({ code: 'conflict' })
})

test('a process that dies at every start fails the call, and nothing is left', async () => {
  const studio = await startSessions()
  await expect(studio.start({ variables: { fault: 'dies at start' } })).rejects.toMatchObject({ code: 'runtime_failed' })
  const { rows } = await studio.sessions.list(scope, { limit: 10 })
  expect(rows).toMatchObject([{ state: 'ended', end_reason: 'runtime_failed' }])
})

test('one process holds several calls, and all of them go on when it dies', async () => {
  const studio = await startSessions({ sessionsPerProcess: () => 3 })
  const started = await Promise.all([1, 2, 3, 4].map(() => studio.start()))
  const processes = studio.runtime.processes()
  expect(processes.map(({ sessions }) => sessions).sort()).toEqual([1, 3])
  const pages = await Promise.all(started.map(({ session }) => studio.watch(session.session_id)))
  for (const { pid } of processes) process.kill(pid, 'SIGKILL')
  for (const [index, page] of pages.entries()) {
    await page.journaled('session.recovered')
    await studio.say(started[index]!.session.session_id, `call ${index}`)
    expect((await page.journaled('turn.committed')).spoken).toContain(`call ${index}`)
  }
})

test('a host that is killed leaves no process, and its call can be resumed by the next one', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'killed host '))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const entry = fileURLToPath(new URL('./testing/host-with-call.ts', import.meta.url))
  const host = fork(entry, [dir], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [said] = (await once(host, 'message')) as [{ session_id: SessionId; pids: number[] }]
  expect(said.pids.filter(isRunning)).toHaveLength(2)
  host.kill('SIGKILL')
  await Promise.all(said.pids.map(goneOf))

  const studio = await startSessions({ dir })
  expect(await studio.sessions.summary(scope, said.session_id)).toMatchObject({ state: 'ended', end_reason: 'connection_lost' })
  const { session } = await studio.sessions.resume(scope, said.session_id)
  expect(session).toMatchObject({ state: 'active', attempt: 2 })
  expect(session).not.toHaveProperty('end_reason')
  const page = await studio.watch(said.session_id)
  await studio.say(said.session_id, 'are you back?')
  expect((await page.journaled('turn.committed', 2)).spoken).toContain('echo: are you back? (2 lines before')
  await expect(studio.sessions.resume(scope, said.session_id)).rejects.toMatchObject({ code: 'conflict' })
})

test('closing the host ends its calls and its processes', async () => {
  const studio = await startSessions()
  studio.sessions.warm()
  const { session } = await studio.start()
  const page = await studio.watch(session.session_id)
  const pids = studio.runtime.processes().map(({ pid }) => pid)
  await studio.close()
  expect(page.journal().at(-1)).toMatchObject({ type: 'session.ended', reason: 'studio_closed' })
  expect(pids.filter(isRunning)).toEqual([])
})

test('whoever is displaced in a room goes on while the store says that it has the call, and leaves it to its successor otherwise', async () => {
  const studio = await startSessions()
  const { session_id } = (await studio.start()).session
  const page = await studio.watch(session_id)
  const line = await studio.sessions.live(scope, session_id)
  // An agent that had slept came into the room once more.
  await line.send({ type: 'event', session_id, name: 'displaced', data: null })
  expect(await page.journaled('session.recovered')).toMatchObject({ attempt: 2, reason: expect.stringContaining('older agent') })
  await studio.say(session_id, 'again')
  await page.journaled('turn.committed')
  // Another host has gone on with it.
  const lease = { owner: 'another', lease_until: Date.now() + 60_000 }
  await studio.calls.commit(scope, [{ kind: 'session.attempt', session_id, attempt: 3, lease }])
  await line.send({ type: 'event', session_id, name: 'displaced', data: null })
  await vi.waitUntil(() => line.isOver(), { timeout: 30_000 })
  expect(await studio.sessions.summary(scope, session_id)).toMatchObject({ state: 'starting', attempt: 3 })
})
