import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { createScript } from '../rehearsal/script.ts'
import { createTranscriber } from '../stt/create-transcriber.ts'
import { transcribeOnce } from '../stt/transcribe-once.ts'
import { providerFailure } from '../provider-failure.ts'
import type { Transcriber } from '../stt/transcriber.ts'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import type { Fault } from './fault.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'
import { spoken } from './stt/spoken.ts'

export const KEY = 'key-0123456789abcdef'
const NEVER = new AbortController().signal

/** One way of speaking to one provider, and the test server that speaks its protocol. */
export type SttCase = Readonly<{
  name: string
  /** Of the document; without address and key. */
  block: Readonly<Record<string, unknown>>
  start: () => Promise<SttTestServer>
  /** The path behind the host that belongs to `base_url`. */
  path?: string
  secrets?: Readonly<Record<string, string>>
}>
export type SttTestServer = Readonly<{ url: string; close: () => Promise<void> }>

export const transcriberOf = (block: Readonly<Record<string, unknown>>, secrets: Readonly<Record<string, string>>): Transcriber =>
  createTranscriber({
    document: AgentDocument.parse({ ...interviewAgent, stt_config: block }),
    secrets,
    engines: {},
    seed: 1,
    script: createScript([]),
    engine: () => {
      throw new Error('no engine takes part')
    },
    notice: () => {},
  })

const FAILURES: readonly (readonly [Fault, RegExp])[] = [
  ['refused', /Nothing answers|refuse/i],
  ['hang', /did not answer in time/],
  ['silent', /did not answer in time/],
  ['status_401', /does not accept the key/],
  ['status_402', /402|credit/],
  ['status_429', /429/],
  ['status_500', /fault of its own \(500\)/],
  ['status_503', /fault of its own \(503\)/],
  ['garbage', /cannot be read/],
  ['half_json', /cannot be read/],
  ['drop_midstream', /broke off/],
]

/** What every STT has to do, and what it has to say when its provider fails. */
export function describeStt(
  { name, block, start, path = '', secrets = {} }: SttCase,
  more: (server: () => SttTestServer) => void = () => {},
): void {
  describe(name, () => {
    let server: SttTestServer
    let proxy: FaultProxy
    beforeAll(async () => {
      server = await start()
      proxy = await startFaultProxy(server.url, { slow_ms: 40 })
    })
    afterEach(() => proxy.fault())
    afterAll(async () => {
      await proxy.close()
      await server.close()
    })
    const through = (patience: Record<string, unknown> = {}) =>
      transcriberOf({ api_key: 'env:K', ...block, ...patience, base_url: `${proxy.url}${path}` }, { 'env:K': KEY, ...secrets })

    more(() => server)

    test.each(FAILURES)('%s: said in plain words, without the key, and the next utterance works', async (fault, words) => {
      const silent = fault === 'hang' || fault === 'silent'
      const transcriber = through(silent ? { timeout_ms: 250 } : {})
      await proxy.fault(fault)
      const cause: unknown = await transcribeOnce(transcriber, spoken('one two three four'), NEVER).catch(
        (reason: unknown) => reason,
      )
      const said = providerFailure(transcriber.context, cause)
      expect(said.message).toMatch(words)
      expect(JSON.stringify(said)).not.toContain(KEY)
      if (fault === 'status_429') expect(said.retry_after_ms).toBe(7000)
      await proxy.fault()
      const patient = through()
      expect(await transcribeOnce(patient, spoken('five six seven eight'), NEVER)).toBe('five six seven eight')
      close(transcriber)
      close(patient)
      await proxy.idle()
    })

    test('the same one goes on after a failure', async () => {
      const transcriber = through({ timeout_ms: 1500 })
      await proxy.fault('status_500')
      await expect(transcribeOnce(transcriber, spoken('one two'), NEVER)).rejects.toThrow()
      await proxy.fault('slow_first_byte')
      expect(await transcribeOnce(transcriber, spoken('three four five'), NEVER)).toBe('three four five')
      close(transcriber)
      await proxy.idle()
    })

    test('a provider that stops in the middle is not waited for for ever', async () => {
      const transcriber = through({ timeout_ms: 250 })
      await proxy.fault('hang_midstream')
      const outcome = await transcribeOnce(transcriber, spoken('one two three four'), NEVER).catch(
        (cause: unknown) => providerFailure(transcriber.context, cause).message,
      )
      expect(outcome).toMatch(/^one( two)?( three)?( four)?$|did not answer in time/)
      close(transcriber)
      await proxy.idle()
    })

    test('a wrong key and a missing one are told apart', async () => {
      const wrong = transcriberOf(
        { api_key: 'env:K', ...block, base_url: `${server.url}${path}` },
        { ...blanked(secrets), 'env:K': 'key-wrong' },
      )
      const cause: unknown = await transcribeOnce(wrong, spoken('one'), NEVER).catch((reason: unknown) => reason)
      expect(providerFailure(wrong.context, cause).message).toMatch(/does not accept the key of env:K \(401\)/)
      const none = transcriberOf({ api_key: 'env:K', ...block, base_url: `${server.url}${path}` }, {})
      const nothing: unknown = await transcribeOnce(none, spoken('one'), NEVER).catch((reason: unknown) => reason)
      expect(providerFailure(none.context, nothing).message).toMatch(/needs a key, and env:K is empty/)
    })
  })
}

const blanked = (secrets: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(secrets).map((name) => [name, 'wrong']))

export const close = (transcriber: Transcriber): void => {
  if (transcriber.mode === 'streaming') transcriber.close()
}
