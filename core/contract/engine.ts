import * as z from 'zod'
import { ModelMeasure } from './models.ts'

/**
 * An engine (`speech`: sherpa-onnx; `espeak`: espeak-ng; `llm`: llama.cpp) is a process of its own that serves a WebSocket on a local
 * socket or named pipe; the first message must be `hello` with the token. Requests are answered by `id`, in any order.
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
  /** A streaming model hears while audio comes in binary messages of this id: answered by `interim` as words are found, until `finish`. */
  z.object({ type: z.literal('listen'), id: z.int(), language: z.string(), model: z.string() }),
  /** No more audio: answered by `transcript`. */
  z.object({ type: z.literal('finish'), id: z.int() }),
  /** Answered by binary audio as clauses are done, then `done`. */
  z.object({
    type: z.literal('synthesize'),
    id: z.int(),
    text: z.string(),
    model: z.string().optional(),
    voice: z.string(),
    speed: z.number(),
  }),
  /** Answered by `token` as they come, then `done` with what it took. */
  z.object({
    type: z.literal('generate'),
    id: z.int(),
    model: z.string(),
    /** One for each conversation: what it shares with its last request is not read again. */
    conversation: z.string(),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
    /** GBNF; the reply follows it by construction. */
    grammar: z.string().optional(),
    temperature: z.number(),
    /** 0: the model is loaded and what it is given is read, so that the next request of this conversation is answered sooner. */
    max_tokens: z.int(),
    /** Tokens that it may have in view at most; turns that do not fit are forgotten, the oldest first. */
    longest_context: z.int().optional(),
    seed: z.int().optional(),
    repeat_penalty: z.number().optional(),
  }),
  z.object({ type: z.literal('cancel'), id: z.int() }),
])
export type EngineRequest = Readonly<z.infer<typeof EngineRequest>>

export const EngineReply = z.discriminatedUnion('type', [
  /** `streaming`: ids of the models that `listen` takes. */
  z.object({ type: z.literal('welcome'), streaming: z.array(z.string()).optional() }),
  z.object({ type: z.literal('interim'), id: z.int(), text: z.string() }),
  z.object({ type: z.literal('transcript'), id: z.int(), text: z.string() }),
  z.object({ type: z.literal('audio_format'), id: z.int(), sample_rate: z.int() }),
  z.object({ type: z.literal('token'), id: z.int(), text: z.string() }),
  z.object({
    type: z.literal('done'),
    id: z.int(),
    /** Of `generate`: tokens read, of those already known, and written. */
    prompt_tokens: z.int().optional(),
    cached_tokens: z.int().optional(),
    completion_tokens: z.int().optional(),
  }),
  z.object({ type: z.literal('error'), id: z.int(), message: z.string() }),
])
export type EngineReply = Readonly<z.infer<typeof EngineReply>>

/** Engine process ↔ host, over IPC. */
export const ToEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listen'), path: z.string(), token: z.string(), models_dir: z.string().optional() }),
  /** In a process of its own that serves nobody: answered by `measured` or `failed`. */
  z.object({ type: z.literal('measure'), models_dir: z.string(), model: z.string() }),
  /** Refuse connections beyond this machine, or no longer. */
  z.object({ type: z.literal('offline'), on: z.boolean() }),
  z.object({ type: z.literal('stop') }),
])
export type ToEngine = Readonly<z.infer<typeof ToEngine>>
export const FromEngine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.int(), pid: z.int() }),
  z.object({ type: z.literal('listening') }),
  z.object({ type: z.literal('measured'), measure: ModelMeasure.omit({ at: true }) }),
  z.object({ type: z.literal('alive'), memory_mb: z.number() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
])
export type FromEngine = Readonly<z.infer<typeof FromEngine>>
