import * as z from 'zod'
import type { Json } from '../../../core/json.ts'
import { answerTo, callsIn, ChatRequest } from './prompt-reader.ts'
import type { RealtimeDialect, Talk } from './realtime-server.ts'

/*
 * developers.openai.com/api/docs/guides/realtime-conversations and platform.openai.com/docs/api-reference/realtime-client-events;
 * anything that is not published there is refused.
 */
const Update = z.strictObject({
  type: z.literal('session.update'),
  session: z.strictObject({
    type: z.literal('realtime'),
    output_modalities: z.tuple([z.literal('text')]),
    audio: z.strictObject({
      input: z.strictObject({
        format: z.strictObject({ type: z.literal('audio/pcm'), rate: z.literal(24_000) }),
        turn_detection: z.null(),
      }),
    }),
  }),
})
const item = <Content extends z.ZodType>(role: 'user' | 'assistant', content: Content) =>
  z.strictObject({ type: z.literal('message'), role: z.literal(role), content: z.tuple([content]) })
const Sound = z.strictObject({ type: z.literal('input_audio'), audio: z.base64() })
const Create = z.strictObject({
  type: z.literal('response.create'),
  response: z.strictObject({
    conversation: z.literal('none'),
    output_modalities: z.tuple([z.literal('text')]),
    instructions: z.string().min(1),
    input: z.array(
      z.union([
        item('user', z.strictObject({ type: z.literal('input_text'), text: z.string().min(1) })),
        item('assistant', z.strictObject({ type: z.literal('output_text'), text: z.string().min(1) })),
        item('user', Sound),
        z.strictObject({ type: z.literal('function_call'), call_id: z.string(), name: z.string(), arguments: z.string() }),
        z.strictObject({ type: z.literal('function_call_output'), call_id: z.string(), output: z.string() }),
      ]),
    ),
    tools: z
      .array(
        z.strictObject({
          type: z.literal('function'),
          name: z.string(),
          description: z.string(),
          parameters: z.record(z.string(), z.json()),
        }),
      )
      .optional(),
    max_output_tokens: z.int().min(1).max(4096).optional(),
    reasoning: z.strictObject({ effort: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']) }).optional(),
  }),
})
const Cancel = z.strictObject({ type: z.literal('response.cancel'), response_id: z.string() })
const ClientEvent = z.discriminatedUnion('type', [Update, Create, Cancel])

type Options = Readonly<{
  /** What is understood of a sound, PCM16 at 24 kHz. */
  hear?: (pcm: Int16Array) => string
  /** How many pieces of a reply come before it waits to be cancelled; absent: all of it comes. */
  pieces?: () => number | undefined
  /** What goes wrong with a reply. */
  failure?: () => Json | undefined
}>

/** Every answer is 9 tokens long and was read from 50, of which 20 came from the cache, and 30 were sound if there was any. */
export const openaiRealtimeDialect = ({ hear = () => '(sound)', pieces, failure }: Options = {}): RealtimeDialect => ({
  path: /^\/v1\/realtime\?model=[\w.-]+$/,
  begin(talk) {
    let count = 0
    talk.say({ type: 'session.created', event_id: 'event_0', session: { type: 'realtime' } })
    return (message) => {
      const event = ClientEvent.safeParse(message)
      if (!event.success) return talk.say(errorOf({ type: 'invalid_request_error', message: event.error.message }))
      const { data } = event
      if (data.type === 'session.update') return talk.say({ type: 'session.updated', session: data.session })
      if (data.type === 'response.cancel') return talk.say(done(data.response_id, 'cancelled', false))
      const id = `resp_${++count}`
      const failed = failure?.()
      if (failed) return talk.say(failed)
      answer(talk, id, data.response, { hear, count: pieces?.() })
    }
  },
})

function answer(
  talk: Talk,
  id: string,
  { instructions, input, tools }: z.infer<typeof Create>['response'],
  { hear, count }: Readonly<{ hear: (pcm: Int16Array) => string; count: number | undefined }>,
): void {
  const lines = input.flatMap((one) => {
    if (one.type === 'function_call') return []
    if (one.type === 'function_call_output') return [{ role: 'tool', content: one.output }]
    const [part] = one.content
    return [{ role: one.role, content: 'text' in part ? part.text : hear(pcmOf(part.audio)) }]
  })
  const request = ChatRequest.parse({ model: 'm', messages: [{ role: 'system', content: instructions }, ...lines], tools })
  const text = answerTo(request)
  const heard = input.some((one) => one.type === 'message' && one.content[0].type === 'input_audio')
  const calls = callsIn(request)
  talk.say({ type: 'response.created', response: { id, status: 'in_progress' } })
  for (const [output_index, call] of calls.entries()) {
    const item = { type: 'function_call', id: `fc_${output_index}`, call_id: `call_${output_index}`, ...call }
    const place = { response_id: id, item_id: item.id, output_index, call_id: item.call_id }
    talk.say({ type: 'response.function_call_arguments.delta', ...place, delta: call.arguments })
    talk.say({ type: 'response.function_call_arguments.done', ...place, arguments: call.arguments })
    talk.say({ type: 'response.output_item.done', response_id: id, output_index, item })
  }
  if (calls.length > 0) return talk.say(done(id, 'completed', heard))
  const deltas = text.match(/[\s\S]{1,12}/g) ?? []
  for (const delta of deltas.slice(0, count))
    talk.say({ type: 'response.output_text.delta', response_id: id, item_id: 'i', output_index: 0, content_index: 0, delta })
  if (count !== undefined) return
  talk.say({ type: 'response.output_text.done', response_id: id, item_id: 'i', output_index: 0, content_index: 0, text })
  talk.say(done(id, 'completed', heard))
}

const errorOf = (error: Readonly<Record<string, string>>): Json => ({ type: 'error', event_id: 'event_1', error })

const done = (id: string, status: string, heard: boolean): Json => ({
  type: 'response.done',
  response: {
    id,
    status,
    status_details: status === 'completed' ? null : { type: status, reason: 'client_cancelled' },
    usage: {
      total_tokens: 59,
      input_tokens: 50,
      output_tokens: 9,
      input_token_details: { cached_tokens: 20, audio_tokens: heard ? 30 : 0, text_tokens: heard ? 20 : 50 },
      output_token_details: { text_tokens: 9, audio_tokens: 0 },
    },
  },
})

function pcmOf(audio: string): Int16Array {
  const bytes = Uint8Array.from(Buffer.from(audio, 'base64'))
  return new Int16Array(bytes.buffer)
}
