import * as z from 'zod'
import { parseJson, type Json } from '../../../core/json.ts'
import { answerTo, ChatRequest } from './prompt-reader.ts'
import type { RealtimeDialect, Talk } from './realtime-server.ts'

/* ai.google.dev/api/live and ai.google.dev/gemini-api/docs/live-api/capabilities; anything that is not published there is refused. */
const Text = z.strictObject({ parts: z.tuple([z.strictObject({ text: z.string().min(1) })]) })
const Setup = z.strictObject({
  model: z.string().startsWith('models/'),
  generationConfig: z.strictObject({
    responseModalities: z.array(z.enum(['AUDIO', 'TEXT'])),
    temperature: z.number().optional(),
    maxOutputTokens: z.int().optional(),
  }),
  systemInstruction: Text,
  tools: z
    .tuple([
      z.strictObject({
        functionDeclarations: z.tuple([
          z.strictObject({
            name: z.string(),
            description: z.string(),
            behavior: z.enum(['BLOCKING', 'NON_BLOCKING']),
            parametersJsonSchema: z.looseObject({ type: z.literal('object') }),
          }),
        ]),
      }),
    ])
    .optional(),
  realtimeInputConfig: z.strictObject({ automaticActivityDetection: z.strictObject({ disabled: z.literal(true) }) }),
  outputAudioTranscription: z.strictObject({}),
  /** Without it the first words are answered. */
  historyConfig: z.strictObject({ initialHistoryInClientContent: z.literal(true) }).optional(),
})
const Content = z.strictObject({
  turns: z.array(z.strictObject({ role: z.enum(['user', 'model']), ...Text.shape })),
  turnComplete: z.literal(true),
})
const Input = z.union([
  z.strictObject({ activityStart: z.strictObject({}) }),
  z.strictObject({ activityEnd: z.strictObject({}) }),
  z.strictObject({ audio: z.strictObject({ data: z.base64(), mimeType: z.literal('audio/pcm;rate=16000') }) }),
])
const ClientMessage = z.union([
  z.strictObject({ setup: Setup }),
  z.strictObject({ clientContent: Content }),
  z.strictObject({ realtimeInput: Input }),
])
type Line = z.infer<typeof Content>['turns'][number]

type Options = Readonly<{
  /** What is understood of a sound, PCM16 at 16 kHz. */
  hear?: (pcm: Int16Array) => string
  /** It speaks its answer although there is a function to call; `nothing`: it does not even do that. */
  speaks?: () => boolean | 'nothing'
}>

/** Every answer is 9 tokens long and was read from 50, of which 30 were sound if there was any. */
export const geminiLiveDialect = ({ hear = () => '(sound)', speaks = () => false }: Options = {}): RealtimeDialect => ({
  path: /^\/{1,2}ws\/google\.ai\.generativelanguage\.v1beta\.GenerativeService\.BidiGenerateContent(\?key=\w+)?$/,
  binary: true,
  begin(talk) {
    let setup: z.infer<typeof Setup> | undefined
    let history: readonly Line[] | undefined
    let sound: Buffer[] | undefined
    const reply = (said: string, heard: boolean) =>
      setup && answer(talk, setup, [...(history ?? []), { role: 'user', parts: [{ text: said }] }], { heard, speaks: speaks() })
    return (raw) => {
      const parsed = ClientMessage.safeParse(raw)
      if (!parsed.success) return talk.close(1007, parsed.error.message.slice(0, 100))
      const message = parsed.data
      if ('setup' in message) {
        if (setup) return talk.close(1007, 'setup must be the first message and only the first.')
        if (message.setup.generationConfig.responseModalities.join() !== 'AUDIO')
          return talk.close(1007, 'The requested combination of response modalities (TEXT) is not supported by the model.')
        setup = message.setup
        if (!setup.historyConfig) history = []
        return talk.say({ setupComplete: {} })
      }
      if (!setup) return talk.close(1007, 'setup must be the first message.')
      if ('clientContent' in message) {
        const { turns } = message.clientContent
        if (history) return void reply(turns.at(-1)?.parts[0].text ?? '', false)
        return void (history = turns)
      }
      const input = message.realtimeInput
      if (!history) return talk.close(1007, 'The initial history is missing.')
      if ('activityStart' in input) return void (sound = [])
      if (!sound) return talk.close(1007, 'Explicit activity control: activityStart is missing.')
      if ('audio' in input) return void sound.push(Buffer.from(input.audio.data, 'base64'))
      const bytes = Uint8Array.from(Buffer.concat(sound))
      void reply(hear(new Int16Array(bytes.buffer)), true)
    }
  },
})

type How = Readonly<{ heard: boolean; speaks: boolean | 'nothing' }>

function answer(talk: Talk, setup: z.infer<typeof Setup>, lines: readonly Line[], { heard, speaks }: How): void {
  const [declaration] = setup.tools?.[0].functionDeclarations ?? []
  const messages = [
    { role: 'system', content: setup.systemInstruction.parts[0].text },
    ...lines.map(({ role, parts }) => ({ role: role === 'model' ? 'assistant' : 'user', content: parts[0].text })),
  ]
  const calls = declaration !== undefined && !speaks
  const schema = calls ? { json_schema: { schema: declaration.parametersJsonSchema } } : {}
  const text = answerTo(
    ChatRequest.parse({ model: 'm', messages, ...(calls && { response_format: { type: 'json', ...schema } }) }),
  )
  const usageMetadata = usageOf(heard, !calls)
  if (calls) {
    const args = parseJson(text) ?? {}
    return talk.say({ toolCall: { functionCalls: [{ id: 'call_1', name: declaration.name, args }] }, usageMetadata })
  }
  const part: Json = { inlineData: { mimeType: 'audio/pcm;rate=24000', data: '' } }
  for (const words of speaks === 'nothing' ? [] : (text.match(/[\s\S]{1,12}/g) ?? []))
    talk.say({ serverContent: { modelTurn: { role: 'model', parts: [part] }, outputTranscription: { text: words } } })
  talk.say({ serverContent: { generationComplete: true } })
  talk.say({ serverContent: { turnComplete: true }, usageMetadata })
}

const usageOf = (heard: boolean, spoke: boolean): Json => ({
  promptTokenCount: 50,
  responseTokenCount: 6,
  thoughtsTokenCount: 3,
  totalTokenCount: 59,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: heard ? 20 : 50 },
    ...(heard ? [{ modality: 'AUDIO', tokenCount: 30 }] : []),
  ],
  responseTokensDetails: [{ modality: spoke ? 'AUDIO' : 'TEXT', tokenCount: 6 }],
})
