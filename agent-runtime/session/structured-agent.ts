import type { ReadableStream } from 'node:stream/web'
import type { AudioFrame } from '@livekit/rtc-node'
import { voice, type llm } from '@livekit/agents'
import { forModel, messagesOf } from './conversation.ts'
import type { ToolDesk } from '../tools/tool-desk.ts'
import type { Reply } from './mouth.ts'
import { fixedReply, structuredReply } from './structured-reply.ts'
import { speakTurn } from './speak-turn.ts'
import { untilCut } from './until-cut.ts'
import type { Memory } from './memory.ts'
import type { Turn } from './turn.ts'
import type { TurnDesk } from './turn-desk.ts'

type Text<Piece> = ReadableStream<Piece> | AsyncIterable<Piece>
export type AgentOptions = Readonly<{
  chatCtx: llm.ChatContext
  desk: TurnDesk
  tools: Pick<ToolDesk, 'run'>
  memory: Pick<Memory, 'of'>
  /** Opens the turn that answers what the caller just said. False when a typed line answers that too. */
  onSpoken: (message: llm.ChatMessage) => boolean
  /** What is added to the turn before the LLM is asked. */
  before: (turn: Turn) => Promise<Turn['given']>
  notice: (text: string, level: 'info' | 'warning') => void
}>

/** The agent of every call: what it says and with whose voice is decided by the turn, at the turn's start. */
export class StructuredAgent extends voice.Agent {
  readonly #options: AgentOptions
  /** The library hands the same settings object to all nodes of one reply. */
  readonly #turns = new WeakMap<voice.ModelSettings, Turn>()

  constructor(options: AgentOptions) {
    super({ id: 'greenroom', instructions: '', chatCtx: options.chatCtx })
    this.#options = options
  }

  /** The caller said this, and it gets no reply of its own. */
  async remember(message: llm.ChatMessage): Promise<void> {
    const chatCtx = this.chatCtx.copy()
    chatCtx.insert(message)
    await this.updateChatCtx(chatCtx)
  }

  /**
   * A short word ends the agent's reply only here, and what was heard of that reply is known a moment later: without it the
   * LLM would answer as if it had said nothing.
   */
  override async onUserTurnCompleted(chatCtx: llm.ChatContext, message: llm.ChatMessage): Promise<void> {
    await this.#options.desk.settled()
    const known = new Set(chatCtx.items.map(({ id }) => id))
    chatCtx.insert(this.chatCtx.items.filter(({ id }) => !known.has(id)))
    if (!this.#options.onSpoken(message)) throw new voice.StopResponse()
  }

  override async llmNode(
    chatCtx: llm.ChatContext,
    _toolCtx: llm.ToolContext,
    settings: voice.ModelSettings,
  ): Promise<Reply | null> {
    const { desk, tools, memory } = this.#options
    const messages = messagesOf(chatCtx).filter(({ role }) => role !== 'system')
    const turn = desk.answering(messages.filter(({ role }) => role === 'user').map(({ id }) => id))
    if (!turn) return null
    this.#turns.set(settings, turn)
    if (turn.words !== undefined) return fixedReply(turn, turn.words)
    turn.given = await this.#options.before(turn)
    const { spoken_field, fields } = turn.config.document.schema_config
    const seen = { history: memory.of(turn, messages), spoken_field, structured: fields.length > 0 }
    return structuredReply({
      turn,
      tools,
      chatFor: (rounds) => (choice) => {
        const system = turn.given ? choice.systemWith(turn.given) : choice.system
        return forModel({ ...choice, system }, { ...seen, rounds }, desk)
      },
    })
  }

  override async transcriptionNode(text: Text<string | voice.TimedString>, settings: voice.ModelSettings) {
    const turn = this.#turns.get(settings)
    if (!turn) return super.transcriptionNode(text, settings)
    this.#options.desk.speak(turn)
    return untilCut(text, turn.cut)
  }

  override async ttsNode(text: Text<string>, settings: voice.ModelSettings): Promise<ReadableStream<AudioFrame> | null> {
    const turn = this.#turns.get(settings)
    return turn ? speakTurn(turn, untilCut(text, turn.cut), this.#options.notice) : null
  }
}
