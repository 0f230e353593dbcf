import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import type { Json } from '../../../core/json.ts'
import { providerFailure } from '../provider-failure.ts'
import type { StreamingTranscriber } from '../stt/transcriber.ts'
import { close } from './stt-contract.ts'
import { spoken, wordsIn } from './stt/spoken.ts'
import type { SttSocketServer } from './stt/socket-server.ts'

const NEVER = new AbortController().signal
/** A window of voice detection. */
const WINDOW = 512

type Streamed = Readonly<{
  server: () => SttSocketServer
  connect: () => StreamingTranscriber
  /** The message that asks for the last words. */
  finalize: string
  /** What ends the session in an orderly way, where the protocol has a word for it. */
  goodbye?: string
  /** What the provider says over an open connection when it will not go on, and what the caller is told. */
  refusals: readonly (readonly [said: Json, words: RegExp])[]
  /** How it says that a session has lasted as long as it may. */
  expired?: Json
}>

/** What is special about hearing while somebody speaks. */
export function testStreaming({ server, connect, finalize, goodbye, refusals, expired }: Streamed): void {
  const listen = (transcriber: StreamingTranscriber, onInterim: (text: string) => void = () => {}) =>
    transcriber.listen({ signal: NEVER, onInterim })
  const say = (listening: ReturnType<typeof listen>, text: string) => {
    const pcm = spoken(text)
    for (let at = 0; at < pcm.length; at += WINDOW) listening.push(pcm.slice(at, at + WINDOW))
  }
  const last = () => server().connections.at(-1)

  test('words come while they are said; the audio is what was said, and then the last words are asked for', async () => {
    const transcriber = connect()
    const heard: string[] = []
    let first: (text: string) => void
    const interim = new Promise<string>((resolve) => (first = resolve))
    const listening = listen(transcriber, (text) => {
      heard.push(text)
      first(text)
    })
    say(listening, 'one two three')
    expect('one two three').toContain(await interim)
    expect(last()?.texts).not.toContain(finalize)
    say(listening, 'four')
    expect(await listening.finish(NEVER)).toBe('one two three four')
    const sent = last()?.all() ?? new Int16Array(0)
    expect(wordsIn(sent)).toBe('one two three four')
    if (finalize !== '') expect(last()?.texts.filter((text) => text === finalize)).toHaveLength(1)
    close(transcriber)
  })

  test('one connection serves the call, also for an utterance that begins before the last one is known', async () => {
    const transcriber = connect()
    const before = server().connections.length
    const first = listen(transcriber)
    say(first, 'one two')
    const one = first.finish(NEVER)
    const second = listen(transcriber)
    say(second, 'three four')
    expect(await one).toBe('one two')
    expect(await second.finish(NEVER)).toBe('three four')
    expect(server().connections.length - before).toBe(1)
    close(transcriber)
  })

  test('a connection lost in the middle is found again, and nothing of the utterance is missing', async () => {
    const transcriber = connect()
    const before = server().connections.length
    const noticed = server().dropAfter(9000)
    const listening = listen(transcriber)
    say(listening, 'one two')
    await noticed
    say(listening, 'three four')
    expect(await listening.finish(NEVER)).toBe('one two three four')
    expect(server().connections.length - before).toBe(2)
    close(transcriber)
  })

  test('a connection lost while nobody speaks is not missed', async () => {
    const transcriber = connect()
    const first = listen(transcriber)
    say(first, 'one')
    expect(await first.finish(NEVER)).toBe('one')
    server().drop()
    const second = listen(transcriber)
    say(second, 'two three')
    expect(await second.finish(NEVER)).toBe('two three')
    close(transcriber)
  })

  test('a cough is nothing', async () => {
    const transcriber = connect()
    const listening = listen(transcriber)
    listening.push(new Int16Array(3200))
    expect(await listening.finish(NEVER)).toBe('')
    close(transcriber)
  })

  test('an utterance that nobody wants to know leaves nothing behind', async () => {
    const transcriber = connect()
    const unwanted = listen(transcriber)
    say(unwanted, 'one two')
    unwanted.close()
    const wanted = listen(transcriber)
    say(wanted, 'three')
    expect(await wanted.finish(NEVER)).toBe('three')
    const ended = listen(transcriber)
    say(ended, 'four')
    const words = ended.finish(AbortSignal.abort(new Error('hung up')))
    await expect(words).rejects.toThrow('hung up')
    close(transcriber)
  })

  const speaking = async (transcriber: StreamingTranscriber) => {
    const before = server().connections.length
    const noticed = server().heard(9000)
    const listening = listen(transcriber)
    say(listening, 'one two')
    await noticed
    const ear = last()
    expect(server().connections.length - before).toBe(1)
    return { listening, ear }
  }

  test.each(refusals)('%j over an open connection is told in plain words', async (said, words) => {
    const transcriber = connect()
    const { listening, ear } = await speaking(transcriber)
    ear?.say(said)
    const cause: unknown = await listening.finish(NEVER).catch((reason: unknown) => reason)
    expect(providerFailure(transcriber.context, cause).message).toMatch(words)
    const next = listen(transcriber)
    say(next, 'three')
    expect(await next.finish(NEVER)).toBe('three')
    close(transcriber)
  })

  if (expired !== undefined)
    test('a session that has lasted as long as it may is followed by another', async () => {
      const transcriber = connect()
      const { listening, ear } = await speaking(transcriber)
      ear?.say(expired)
      say(listening, 'three')
      expect(await listening.finish(NEVER)).toBe('one two three')
      close(transcriber)
    })

  test('a long call keeps nothing of its utterances', async () => {
    const transcriber = connect()
    const call = new AbortController()
    for (let utterance = 0; utterance < 12; utterance += 1) {
      const listening = transcriber.listen({ signal: call.signal, onInterim: () => {} })
      say(listening, 'one')
      expect(await listening.finish(call.signal)).toBe('one')
    }
    expect(getEventListeners(call.signal, 'abort')).toEqual([])
    close(transcriber)
  })

  test('the end of the call is said, and nothing stays open', async () => {
    const transcriber = connect()
    const listening = listen(transcriber)
    say(listening, 'one')
    await listening.finish(NEVER)
    const ear = last()
    close(transcriber)
    await ear?.closed
    if (goodbye !== undefined) expect(ear?.texts.at(-1)).toBe(goodbye)
    expect(server().open()).toBe(0)
  })
}
