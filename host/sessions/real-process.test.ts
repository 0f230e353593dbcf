import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { scope, startSessions } from './testing/start-sessions.ts'
import { document } from './testing/document.ts'

const quick = { ...document, llm_config: { provider: 'rehearsal', model: 'instant' } }

test('a text call with the real session process: answered in fields, changed by a save, recovered after kill -9', async () => {
  const studio = await startSessions({ real: true })
  studio.heads.set('ada', { revision: 1, content: quick, enabled: true })
  const { session } = await studio.start({ seed: 1 })
  const { session_id } = session
  const page = await studio.watch(session_id)
  await studio.say(session_id, 'Good morning, who are you?')
  const first = await page.journaled('turn.committed')
  expect(first.spoken.length).toBeGreaterThan(0)
  expect(await page.journaled('output.done')).toMatchObject({ parse: 'json', output: { system_response: expect.any(String) } })

  const score = { field_name: 'score', field_type: 'int', description: 'How sure', constraints: { ge: 1, le: 5 } }
  const schema_config = { ...quick.schema_config, fields: [...quick.schema_config.fields, score] }
  studio.save({ ...quick, schema_config }, 2)
  expect(await page.journaled('config.changed')).toMatchObject({ revision: 2 })
  await studio.say(session_id, 'And now?')
  await page.journaled('turn.committed', 2)
  const second = await page.journaled('output.done', 2)
  expect(second.output['score']).toBeTypeOf('number')

  process.kill(studio.runtime.processes()[0]!.pid, 'SIGKILL')
  expect(await page.journaled('session.recovered')).toMatchObject({ attempt: 2 })
  await studio.say(session_id, 'Are you still there?')
  expect((await page.journaled('turn.committed', 3)).spoken.length).toBeGreaterThan(0)
  expect(page.journal().filter(({ type }) => type === 'turn.started')).toMatchObject([
    { index: 0, revision: 1 },
    { index: 1, revision: 2 },
    { index: 2, revision: 2, attempt: 2 },
  ])
  expect(await studio.sessions.stop(scope, session_id)).toMatchObject({ state: 'ended', end_reason: 'stopped', turn_count: 3 })
  const { events } = await studio.sessions.journal(scope, session_id, { attempt: 0, seq: 0 }, 1000)
  expect(events).toEqual(page.journal())
})

/** A server that does with an upgrade what the host's own does, without login. */
async function serveMedia(studio: Awaited<ReturnType<typeof startSessions>>): Promise<(path: string) => WebSocket> {
  const server = createServer()
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    )
    void studio.sessions.attachMedia(scope, request.url?.split('/').at(-1) ?? '', { headers, head, socket })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return (path) => new WebSocket(`ws://127.0.0.1:${port}${path}`)
}

const firstAudio = async (page: WebSocket): Promise<Buffer> => {
  for (;;) {
    const [data, isBinary] = (await once(page, 'message')) as [Buffer, boolean]
    if (isBinary && data.subarray(4).some((byte) => byte !== 0)) return data
  }
}

test('a voice call: the socket is handed over, the agent is heard, also after its process was killed', async () => {
  const studio = await startSessions({ real: true })
  const prompt_config = { instructions: 'Be kind.', greeting: 'Hello, good to hear you.' }
  studio.heads.set('ada', { revision: 1, content: { ...quick, prompt_config }, enabled: true })
  const open = await serveMedia(studio)
  const { session, media_path } = await studio.start({ modality: 'voice' })
  const watching = await studio.watch(session.session_id)

  const page = open(media_path)
  onTestFinished(() => page.terminate())
  expect((await firstAudio(page)).length).toBeGreaterThan(100)
  const closed = once(page, 'close')
  process.kill(studio.runtime.processes().find(({ kind }) => kind === 'session')!.pid, 'SIGKILL')
  expect((await closed)[0]).toBe(1006)

  await watching.journaled('session.recovered')
  const again = open(media_path)
  onTestFinished(() => again.terminate())
  await once(again, 'open')
  await studio.say(session.session_id, 'Say something.')
  await firstAudio(again)

  await studio.sessions.stop(scope, session.session_id)
  const late = open(media_path)
  expect((await once(late, 'close'))[0]).toBe(4410)
})
