import { DEFAULT_API_CONNECT_OPTIONS, llm, type APIConnectOptions } from '@livekit/agents'
import type { AgentDocument } from '../../../core/agent/document.ts'
import { TAKE_OVER_WORDS } from '../../../core/session/take-over-words.ts'
import { knownTools } from '../../../core/tools/tool-spec.ts'
import { isJsonObject, parseJson, type JsonObject } from '../../../core/json.ts'
import { fillField, fillText } from './fill-field.ts'
import { rehearseTools, toldOf, type RehearsedCall } from './rehearse-tools.ts'
import { replyText, spokenSeconds } from './reply-text.ts'
import { seededRandom, seedOf, skewedDelay, type Random } from './seeded-random.ts'

/** How fast it streams. First token in ms (median and 95th percentile), then tokens per second. */
export type Pace = Readonly<{ first_token_p50_ms: number; first_token_p95_ms: number; tokens_per_second: number }>
export type RehearsalOptions = Readonly<{ document: AgentDocument; pace: Pace; seed: number; model: string }>

/** What a call of a tool takes, about. */
const CALL_TOKENS = 12

/** No AI: fills the document's fields truthfully to their limits and answers from the caller's words. */
export class RehearsalLLM extends llm.LLM {
  readonly #options: RehearsalOptions

  constructor(options: RehearsalOptions) {
    super()
    this.#options = options
  }

  override label() {
    return 'greenroom.RehearsalLLM'
  }
  override get model() {
    return this.#options.model
  }
  override get provider() {
    return 'rehearsal'
  }

  override chat({ chatCtx, connOptions }: { chatCtx: llm.ChatContext; connOptions?: APIConnectOptions }): llm.LLMStream {
    const conversation = readConversation(chatCtx)
    const { document, seed, pace } = this.#options
    // Temperature 0 means: the same words get the same answer.
    const turnSeed = document.llm_config.temperature === 0 ? 0 : seed + conversation.turn
    const random = seededRandom(seedOf(turnSeed, conversation.said))
    const { said, turn, before, results } = conversation
    const calls =
      results.length > 0 ? [] : rehearseTools(knownTools(document.tools), { random, said: heardOf(said), turn, before })
    const text = calls.length > 0 ? '' : rehearse(document, conversation, random)
    return new RehearsalStream(this, chatCtx, connOptions, { text, calls, pace, random })
  }
}

/** `results`: what tools gave since the caller spoke. */
type Conversation = Readonly<{ said: string; turn: number; before: JsonObject; results?: readonly ToolOutput[] }>
type ToolOutput = Readonly<{ name: string; output: string; failed: boolean }>
const heardOf = (said: string): string => (spokenSeconds(said) === undefined ? said : '')

/** The reply as an LLM would write it: JSON in the table's order, or plain words when there are no fields. */
export function rehearse(document: AgentDocument, { said, turn, before, results = [] }: Conversation, random: Random): string {
  const { fields, spoken_field } = document.schema_config
  const words = results.length > 0 ? toldOf(results) : replyText(document, said, turn, random)
  if (fields.length === 0) return words
  const moment = { random, said: heardOf(said), turn, before }
  const output = fields.map((field) => {
    if (field.field_name === spoken_field) return [field.field_name, fillText(field, words)] as const
    if (field.field_name === document.tts_config.instruction_field)
      return [field.field_name, fillText(field, 'Calm, friendly and clear.')] as const
    return [field.field_name, fillField(field, moment)] as const
  })
  return JSON.stringify(Object.fromEntries(output))
}

function readConversation(chatCtx: llm.ChatContext): Required<Conversation> {
  const messages = chatCtx.items.filter((item): item is llm.ChatMessage => item.type === 'message')
  const last = messages.at(-1)
  const since = chatCtx.items.slice(chatCtx.items.findLastIndex((item) => item.type === 'message' && item.role === 'user') + 1)
  const results = since.filter((item): item is llm.FunctionCallOutput => item.type === 'function_call_output')
  const replies = messages.filter(({ role }) => role === 'assistant')
  const before = parseJson(replies.at(-1)?.textContent ?? '')
  return {
    said: saidIn(last),
    turn: replies.length,
    before: isJsonObject(before) ? before : {},
    results: results.map(({ name, output, isError }) => ({ name, output, failed: isError })),
  }
}

/** Not what the studio says in the caller's place. */
function saidIn(last: llm.ChatMessage | undefined): string {
  const said = (last?.role === 'user' ? last.textContent : undefined) ?? ''
  return said === TAKE_OVER_WORDS ? '' : said
}

type Reply = Readonly<{ text: string; calls: readonly RehearsedCall[]; pace: Pace; random: Random }>

class RehearsalStream extends llm.LLMStream {
  readonly #tokens: readonly string[]
  readonly #calls: readonly RehearsedCall[]
  readonly #prompt: number
  readonly #pace: Pace
  readonly #random: Random

  constructor(
    owner: RehearsalLLM,
    chatCtx: llm.ChatContext,
    connOptions: APIConnectOptions | undefined,
    { text, calls, pace, random }: Reply,
  ) {
    super(owner, { chatCtx, connOptions: connOptions ?? DEFAULT_API_CONNECT_OPTIONS })
    this.#tokens = text.match(/\s?[\p{L}\p{N}_]{1,6}|\s?[^\p{L}\p{N}_]{1,2}/gu) ?? []
    this.#prompt = chatCtx.items.reduce(
      (sum, item) => sum + (item.type === 'message' ? Math.ceil((item.textContent?.length ?? 0) / 4) : 0),
      0,
    )
    this.#calls = calls
    this.#pace = pace
    this.#random = random
  }

  protected override async run(): Promise<void> {
    const { signal } = this.abortController
    const first = performance.now() + skewedDelay(this.#random, this.#pace.first_token_p50_ms, this.#pace.first_token_p95_ms)
    const id = 'rehearsal'
    for (let sent = 0; sent < this.#tokens.length;) {
      const due = first + (sent * 1000) / this.#pace.tokens_per_second
      if (!(await until(due, signal))) return
      this.queue.put({ id, delta: { role: 'assistant', content: this.#tokens[sent++] ?? '' } })
    }
    if (this.#calls.length > 0) {
      if (!(await until(first, signal))) return
      const toolCalls = this.#calls.map(({ name, arguments: given }) =>
        llm.FunctionCall.create({ callId: '', name, args: JSON.stringify(given) }),
      )
      this.queue.put({ id, delta: { role: 'assistant', toolCalls } })
    }
    const [completionTokens, promptTokens] = [this.#tokens.length + this.#calls.length * CALL_TOKENS, this.#prompt]
    this.queue.put({
      id,
      usage: { completionTokens, promptTokens, promptCachedTokens: 0, totalTokens: completionTokens + promptTokens },
    })
  }
}

/** False as soon as nobody listens any more. */
function until(moment: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false)
    const abort = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', abort)
        resolve(true)
      },
      Math.max(0, moment - performance.now()),
    )
    signal.addEventListener('abort', abort, { once: true })
  })
}
