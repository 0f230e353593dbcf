import { expect, test } from 'vitest'
import { AgentDocument } from '../../../core/agent/document.ts'
import { connectEngine } from '../../engines/engine-client.ts'
import { serveEngine } from '../../engines/engine-server.ts'
import type { Engine } from '../../engines/engine.ts'
import { newAddress } from '../../engines/testing/start-engine.ts'
import { interviewAgent } from '../../session/testing/interview-agent.ts'
import { createScript } from '../rehearsal/script.ts'
import { spoken, wordsIn } from '../testing/stt/spoken.ts'
import { createTranscriber } from './create-transcriber.ts'
import type { StreamingTranscriber } from './transcriber.ts'

const NEVER = new AbortController().signal
const WINDOW = 512

/** Hears words while they are said; `noticed` is called with each piece of audio. */
const hearingEngine = (noticed: (samples: number) => void = () => {}): Engine => ({
  transcribe: (pcm) => Promise.resolve(`whole: ${wordsIn(pcm)}`),
  async *synthesize() {
    /* says nothing */
  },
  streaming: () => Promise.resolve(['zipformer-en']),
  listen(_options, onInterim) {
    let pcm = new Int16Array(0)
    return Promise.resolve({
      push(more) {
        const all = new Int16Array(pcm.length + more.length)
        all.set(pcm)
        all.set(more, pcm.length)
        pcm = all
        onInterim(wordsIn(pcm))
        noticed(pcm.length)
      },
      finish: () => wordsIn(pcm),
    })
  },
})

async function builtin(model: string | undefined) {
  const address = await newAddress()
  const client = connectEngine(address)
  const transcriber = createTranscriber({
    document: AgentDocument.parse({ ...interviewAgent, stt_config: { provider: 'builtin', ...(model && { model }) } }),
    secrets: {},
    engines: { builtin: address, streaming: ['zipformer-en'] },
    seed: 1,
    script: createScript([]),
    engine: () => client,
    notice: () => {},
  })
  return { address, client, transcriber }
}

function streams(transcriber: ReturnType<typeof createTranscriber>): asserts transcriber is StreamingTranscriber {
  expect(transcriber.mode).toBe('streaming')
}

const pushed = (text: string, push: (pcm: Int16Array) => void) => {
  const pcm = spoken(text)
  for (let at = 0; at < pcm.length; at += WINDOW) push(pcm.slice(at, at + WINDOW))
}

test('a streaming model on this machine hears while the caller speaks', async () => {
  const { address, client, transcriber } = await builtin('zipformer-en')
  const server = await serveEngine(hearingEngine(), address)
  streams(transcriber)
  const interim: string[] = []
  const listening = transcriber.listen({ signal: NEVER, onInterim: (text) => interim.push(text) })
  pushed('one two three', listening.push)
  expect(await listening.finish(NEVER)).toBe('one two three')
  expect('one two three').toContain(interim.at(-1) ?? 'nothing')
  const dropped = transcriber.listen({ signal: NEVER, onInterim: () => {} })
  pushed('four', dropped.push)
  dropped.close()
  const next = transcriber.listen({ signal: NEVER, onInterim: () => {} })
  pushed('five six', next.push)
  expect(await next.finish(NEVER)).toBe('five six')
  client.close()
  server.close()
})

test('an engine that dies in the middle is found again, and hears the utterance from its beginning', async () => {
  const { address, client, transcriber } = await builtin('zipformer-en')
  let heard = () => {}
  const first = await serveEngine(
    hearingEngine((samples) => samples > 12_000 && heard()),
    address,
  )
  streams(transcriber)
  const listening = transcriber.listen({ signal: NEVER, onInterim: () => {} })
  const some = new Promise<void>((resolve) => (heard = resolve))
  pushed('one two', listening.push)
  await some
  first.close()
  const second = await serveEngine(hearingEngine(), address)
  pushed('three', listening.push)
  expect(await listening.finish(NEVER)).toBe('one two three')
  client.close()
  second.close()
})

test.each([undefined, 'whisper-tiny.en'])('the model %s is read utterance by utterance', async (model) => {
  const { address, client, transcriber } = await builtin(model)
  const server = await serveEngine(hearingEngine(), address)
  expect(transcriber).toMatchObject({ mode: 'utterance', eager: true })
  if (transcriber.mode === 'utterance') expect(await transcriber.transcribe(spoken('one'), NEVER, 'final')).toBe('whole: one')
  client.close()
  server.close()
})
