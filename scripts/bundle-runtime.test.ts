import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAddress, startEngine, type StartedEngine } from '../agent-runtime/engines/testing/start-engine.ts'
import { callerVoice } from '../agent-runtime/session/testing/caller-voice.ts'
import { interviewAgent } from '../agent-runtime/session/testing/interview-agent.ts'
import { joinAsCaller, roomSpec } from '../agent-runtime/session/testing/room-caller.ts'
import { startRuntime, type RuntimeProcess } from '../agent-runtime/session/testing/runtime-process.ts'
import { openTestPage } from '../agent-runtime/session/testing/test-page.ts'
import { noLiveKit, startLiveKit } from '../host/livekit/testing/livekit-server.ts'

const ROOT = join(import.meta.dirname, '..')
// Inside of the project: what is not bundled is found from there.
const parent = join(ROOT, 'out')
const folder = mkdtempSync(join(parent, 'bundle-test-'))
const file = (name: string) => join(folder, 'runtime', name)
const preload = ['--import', pathToFileURL(file('guard-preload.js')).href]

/** A second copy of the library beside the bundled one would not know the objects of the first. */
const NO_COPY = `data:text/javascript,${encodeURIComponent(`import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) {
  if (url.includes('/@livekit/agents/')) throw new Error('loaded beside the bundle: ' + url)
  return next(url, context)
} })`)}`

let runtime: RuntimeProcess | undefined
let engine: StartedEngine | undefined
beforeAll(async () => {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'bundle-runtime.mjs'), join(folder, 'runtime')])
  ;[engine, runtime] = await Promise.all([
    newAddress().then((address) => startEngine('espeak', address)),
    startRuntime([...preload, '--import', NO_COPY], file('session-process.js')),
  ])
})
afterAll(async () => {
  await runtime?.stop()
  engine?.child.kill()
  rmSync(folder, { recursive: true, force: true })
})

test('a voice call in the bundled session process: heard, answered, cut off where the caller cut in', async () => {
  const call = runtime!.start(interviewAgent, {
    modality: 'voice',
    engines: { espeak: engine!.address },
    script: ['I built an audio engine in Rust.'],
  })
  await call.message('started')
  const page = await openTestPage(call.media_url)
  expect(await call.event('turn.committed')).toMatchObject({ spoken: 'Hello Ana, shall we begin?', interrupted: false })
  await page.speak(await callerVoice(engine!.address, 'I built an audio engine in Rust.'))
  await call.event('agent.state', ({ state }) => state === 'speaking', 2)
  call.send({ type: 'interrupt', session_id: call.session_id })
  const answer = await call.event('turn.committed', () => true, 2)
  expect(await call.event('transcript.final')).toMatchObject({ text: 'I built an audio engine in Rust.' })
  const output = await call.event('output.done', ({ turn_id }) => turn_id === answer.turn_id)
  expect(answer).toMatchObject({ interrupted: true })
  expect(output.output['system_response']).toEqual(expect.stringContaining(answer.spoken))
  await page.close()
  await call.end()
})

test('a room call in it, where there is a LiveKit server', async (context) => {
  const missing = noLiveKit()
  if (missing) return context.skip(missing)
  const server = await startLiveKit()
  const room = await roomSpec(server, 'bundled', 'bundled')
  const call = runtime!.start(interviewAgent, { modality: 'voice', engines: { espeak: engine!.address }, room })
  const caller = await joinAsCaller(server, 'bundled')
  expect(await call.event('turn.committed')).toMatchObject({ spoken: 'Hello Ana, shall we begin?', interrupted: false })
  expect(caller.heard_ms()).toBeGreaterThan(500)
  await caller.leave()
  await call.message('ended')
  await server.close()
})

test.each(['worker', 'speech', 'espeak', 'llm'])('the bundled %s is ready, and ends with its host', async (name) => {
  const child = fork(file(`${name}.js`), { execArgv: preload, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  expect((await once(child, 'message'))[0]).toMatchObject({ type: 'ready', pid: child.pid })
  const gone = once(child, 'exit')
  child.disconnect()
  expect(await gone).toEqual([0, null])
})

test('nothing is left of the way it is made', () => {
  expect(readdirSync(folder)).toEqual(['runtime'])
})
