import { instructionsIn } from '../../../core/agent/system-prompt.ts'
import type { Json, JsonObject } from '../../../core/json.ts'
import { geminiLiveDialect } from './gemini-live-dialect.ts'
import { KEY, type RealtimeLlmId } from './llm-contract.ts'
import { openaiRealtimeDialect } from './openai-realtime-dialect.ts'
import type { RealtimeDialect } from './realtime-server.ts'

/** What one adapter must put on the wire for at most 300 tokens and the interview's table. */
export type RealtimeCase = Readonly<{
  /** Where the vendor publishes its protocol. */
  source: string
  model: string
  /** Behind the server's address. */
  base_path: string
  path: string
  header: readonly [string, string]
  dialect: (options: { hear?: (pcm: Int16Array) => string }) => RealtimeDialect
  /** Hz, of what the server hears. */
  sample_rate: number
  /** Every message of one reply to the contract's conversation, handshake included. */
  messages: (system: string, schema: JsonObject) => readonly Json[]
  /** Whether one connection serves several replies. */
  kept: boolean
}>

const QUESTION = 'What is the answer?'

export const realtimeCases: { readonly [Id in RealtimeLlmId]: RealtimeCase } = {
  'openai-realtime': {
    source: 'https://developers.openai.com/api/docs/guides/realtime-conversations',
    model: 'gpt-realtime-2.1-mini',
    base_path: '/v1',
    path: '/v1/realtime?model=gpt-realtime-2.1-mini',
    header: ['authorization', `Bearer ${KEY}`],
    dialect: openaiRealtimeDialect,
    sample_rate: 24_000,
    kept: true,
    messages: (instructions) => [
      {
        type: 'session.update',
        session: {
          type: 'realtime',
          output_modalities: ['text'],
          audio: { input: { format: { type: 'audio/pcm', rate: 24_000 }, turn_detection: null } },
        },
      },
      {
        type: 'response.create',
        response: {
          conversation: 'none',
          output_modalities: ['text'],
          instructions,
          input: [
            said('assistant', 'output_text', 'Shall we begin?'),
            said('user', 'input_text', 'Yes.'),
            said('assistant', 'output_text', '{"stage": "intro"}'),
            said('user', 'input_text', QUESTION),
          ],
          max_output_tokens: 300,
          reasoning: { effort: 'minimal' },
        },
      },
    ],
  },
  'gemini-live': {
    source: 'https://ai.google.dev/api/live',
    model: 'gemini-3.8-live',
    base_path: '/v1beta',
    path: '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent',
    header: ['x-goog-api-key', KEY],
    dialect: geminiLiveDialect,
    sample_rate: 16_000,
    kept: false,
    messages: (system, parametersJsonSchema) => [
      {
        setup: {
          model: 'models/gemini-3.8-live',
          generationConfig: { responseModalities: ['AUDIO'], temperature: 0, maxOutputTokens: 300 },
          systemInstruction: { parts: [{ text: `${instructionsIn(system)}\n\n${CALL_RULE}` }] },
          tools: [
            {
              functionDeclarations: [
                {
                  name: 'reply',
                  description: 'Your reply to the caller. Call it once in every turn.',
                  behavior: 'BLOCKING',
                  parametersJsonSchema,
                },
              ],
            },
          ],
          realtimeInputConfig: { automaticActivityDetection: { disabled: true } },
          outputAudioTranscription: {},
          historyConfig: { initialHistoryInClientContent: true },
        },
      },
      turns(['user', '…'], ['model', 'Shall we begin?'], ['user', 'Yes.'], ['model', '{"stage": "intro"}']),
      turns(['user', QUESTION]),
    ],
  },
}

const CALL_RULE = `# How you reply
Answer every turn by calling the function \`reply\` once, with every argument; never speak yourself.
\`system_response\` is read aloud to the caller as you write it: plain words only, no Markdown, lists, links, emoji or code.
Your earlier replies stand in the conversation as the arguments of that function.`

function said(role: string, type: string, text: string): Json {
  return { type: 'message', role, content: [{ type, text }] }
}

function turns(...lines: readonly (readonly [string, string])[]): Json {
  return { clientContent: { turns: lines.map(([role, text]) => ({ role, parts: [{ text }] })), turnComplete: true } }
}
