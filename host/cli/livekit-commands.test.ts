import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noLiveKit } from '../livekit/testing/livekit-server.ts'
import { runProgram } from './program.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'greenroom-cli-livekit-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

async function run(args: string[], stop = new AbortController()) {
  const said: string[] = []
  const note = (text: string) => {
    said.push(text)
    if (text.includes('Ctrl-C')) stop.abort()
  }
  const out = { result: note, json: (value: unknown) => note(JSON.stringify(value)), note, progress: note }
  const code = await runProgram(['--data', dir, ...args], { out, stdin: Readable.from([]), signal: stop.signal })
  return { code, said: said.join('\n') }
}

test('connections are listed; one that is not there is not found', async () => {
  const { code, said } = await run(['livekit', 'connections'])
  expect([code, said]).toEqual([0, expect.stringMatching(/^CONNECTION .*\nlocal +Local server/)])
  expect(await run(['livekit', 'test', 'nowhere'])).toEqual({
    code: 1,
    said: expect.stringContaining('no LiveKit connection "nowhere"'),
  })
})

test.skipIf(noLiveKit())('the server of this machine is shown, runs until Ctrl-C, and is tested', async () => {
  expect((await run(['livekit', 'status'])).said).toMatch(/state +stopped\nprogram .*\(\d+\.\d+\.\d+\)/)
  expect((await run(['livekit', 'start'])).said).toMatch(/state +ready[^]*address +ws:\/\/127\.0\.0\.1:\d+/)
  const { code, said } = await run(['livekit', 'test', 'local'])
  expect(said).toMatch(/ok +media: Media get through over UDP[^]*local works/)
  expect(code).toBe(0)
})

test.skipIf(noLiveKit())('a call by text goes through a room; by voice it is refused with a way out', async () => {
  const call = ['call', 'support-agent-v1', '--connection', 'local', '--text', 'I lost my order.']
  const { code, said } = await run(call)
  expect(said).toMatch(/"type":"room\.joined"[^]*"type":"turn\.committed"[^]*"type":"session\.ended"/)
  expect(said).toContain('I lost my order.')
  expect(code).toBe(0)
  expect(await run([...call, '--out', join(dir, 'said.wav')])).toEqual({
    code: 1,
    said: expect.stringContaining('leave --connection out') as string,
  })
})
