import * as z from 'zod'

/**
 * A speech engine (`speech`: sherpa-onnx; `espeak`: espeak-ng) is a process of its own that serves a WebSocket on a local socket
 * or named pipe; the first message must be `hello` with the token. Requests are answered by `id`, in any order.
 * PCM is 16-bit LE mono in binary messages: u32 LE request id, then samples.
 */
export const EngineRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), token: z.string() }),
  /** Audio of one utterance follows in binary messages, then `transcribe`; PCM at 16 kHz. */
  z.object({
    type: z.literal('transcribe'),
    id: z.int(),
    language: z.string(),
    model: z.string(),
    /** Text for show, of an utterance that goes on: it never holds up one that has ended. */
    interim: z.boolean().optional(),
  }),
  /** Answered by binary audio as clauses are done, then `done`. */
  z.object({ type: z.literal('synthesize'), id: z.int(), text: z.string(), voice: z.string(), speed: z.number() }),
  z.object({ type: z.literal('cancel'), id: z.int() }),
])
export type EngineRequest = Readonly<z.infer<typeof EngineRequest>>

export const EngineReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome') }),
  z.object({ type: z.literal('transcript'), id: z.int(), text: z.string() }),
  z.object({ type: z.literal('audio_format'), id: z.int(), sample_rate: z.int() }),
  z.object({ type: z.literal('done'), id: z.int() }),
  z.object({ type: z.literal('error'), id: z.int(), message: z.string() }),
])
export type EngineReply = Readonly<z.infer<typeof EngineReply>>

/** Engine process ↔ host, over IPC. */
export const ToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listen'), path: z.string(), token: z.string(), models_dir: z.string().optional() }),
  z.object({ type: z.literal('stop') }),
])
export type ToEngine = Readonly<z.infer<typeof ToEngine>>
export const FromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int(), pid: z.int() }),
  z.object({ type: z.literal('listening') }),
  z.object({ type: z.literal('alive'), memory_mb: z.number() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type FromEngine = Readonly<z.infer<typeof FromEngine>>
