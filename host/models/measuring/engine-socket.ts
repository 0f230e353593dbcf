import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { joinPcm } from '../../../core/join-pcm.ts'
import { EngineReply } from '../../../core/contract/engine.ts'
import type { EngineRequest } from '../../../core/contract/engine.ts'
import { StudioError } from '../../../core/contract/errors.ts'
import type { EngineAddress } from '../../../core/contract/runtime.ts'

export type Speech = Readonly<{ sample_rate: number; pcm: Int16Array; first_audio_ms: number; took_ms: number }>

/** As much of an engine’s protocol as a measurement needs: one request at a time. */
export type EngineSocket = Readonly<{
  synthesize: (request: Readonly<{ text: string; model: string; voice: string }>) => Promise<Speech>
  transcribe: (
    pcm: Int16Array,
    request: Readonly<{ model: string; language: string }>,
  ) => Promise<Readonly<{ text: string; took_ms: number }>>
  close: () => void
}>

type Heard = (reply: EngineReply | Int16Array) => void

/** Throws StudioError; ends with the signal. */
export async function openEngine({ path, token }: EngineAddress, signal: AbortSignal): Promise<EngineSocket> {
  const socket = new WebSocket('ws://engine/', { createConnection: () => connect(path), perMessageDeflate: false })
  const abort = () => socket.terminate()
  signal.addEventListener('abort', abort, { once: true })
  let heard: Heard = () => undefined
  let lost: (cause: Error) => void = () => undefined
  let lastId = 0
  socket.on('message', (data: Buffer, isBinary) => {
    const reply = isBinary ? samplesOf(data) : EngineReply.safeParse(JSON.parse(data.toString('utf8'))).data
    if (reply) heard(reply)
  })
  socket.on('close', () => lost(new Error('the engine ended')))
  socket.on('error', (cause) => lost(cause))

  /** Collects until `isLast`. */
  const ask = (send: (id: number) => void, isLast: (reply: EngineReply) => boolean, onReply: Heard) =>
    new Promise<void>((resolve, reject) => {
      lost = (cause) => reject(signal.aborted ? asError(signal.reason) : engineFailed(cause.message))
      heard = (reply) => {
        onReply(reply)
        if (reply instanceof Int16Array) return
        if (reply.type === 'error') reject(engineFailed(reply.message))
        else if (isLast(reply)) resolve()
      }
      send(++lastId)
    })
  const say = (request: EngineRequest) => socket.send(JSON.stringify(request))

  await ask(
    () => socket.once('open', () => say({ type: 'hello', token })),
    ({ type }) => type === 'welcome',
    () => undefined,
  )
  return {
    async synthesize({ text, model, voice }) {
      const began = performance.now()
      const parts: Int16Array[] = []
      let [sample_rate, first_audio_ms] = [0, 0]
      await ask(
        (id) => say({ type: 'synthesize', id, text, model, voice, speed: 1 }),
        ({ type }) => type === 'done',
        (reply) => {
          if (!(reply instanceof Int16Array)) {
            if (reply.type === 'audio_format') sample_rate = reply.sample_rate
            return
          }
          if (parts.length === 0) first_audio_ms = performance.now() - began
          parts.push(reply)
        },
      )
      return { sample_rate, pcm: joinPcm(parts), first_audio_ms, took_ms: performance.now() - began }
    },
    async transcribe(pcm, { model, language }) {
      const began = performance.now()
      let text = ''
      await ask(
        (id) => {
          socket.send(frame(id, pcm))
          say({ type: 'transcribe', id, language, model })
        },
        ({ type }) => type === 'transcript',
        (reply) => {
          if (!(reply instanceof Int16Array) && reply.type === 'transcript') text = reply.text
        },
      )
      return { text, took_ms: performance.now() - began }
    },
    close: () => {
      signal.removeEventListener('abort', abort)
      socket.terminate()
    },
  }
}

/** A binary message is the request’s id (u32 LE) and samples. */
const samplesOf = (data: Buffer): Int16Array => new Int16Array(new Uint8Array(data.subarray(4)).buffer)

function frame(id: number, pcm: Int16Array): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32LE(id)
  return Buffer.concat([header, Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)])
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))

const engineFailed = (why: string) =>
  new StudioError('runtime_failed', `The model could not be measured: ${why}`, 'Fetch or import it again; the log may say more.')
