import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { voice } from '@livekit/agents'
import { StudioError } from '../../core/contract/errors.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import type { SessionConfig, SessionSpec } from '../../core/contract/runtime.ts'
import type { CustomEvent } from '../../core/extension/custom-event.ts'
import { createCallTools, type CallTools } from '../tools/call-tools.ts'
import type { CallProviders } from '../providers/create-provider-context.ts'
import type { CallHost } from './call-host.ts'
import { createCallerTurns, type CallerTurns } from './caller-turns.ts'
import { createCallExtension, type CallExtension } from './call-extension.ts'
import type { ConfigCell } from './config-cell.ts'
import { behindLastLine, fromPast, messagesOf } from './conversation.ts'
import { followSession, type SessionFollower } from './follow-session.ts'
import { openPageLine, type PageLine } from './media/page-line.ts'
import { createMemory } from './memory.ts'
import { openingOf, takeOverOf, type Unasked } from './opening.ts'
import type { Report } from './report.ts'
import type { CallRoom } from './room/call-room.ts'
import { StandInLLM } from './stand-ins.ts'
import type { SttLog } from './stt-log.ts'
import { StructuredAgent } from './structured-agent.ts'
import { createTranscriptSink } from './transcript-sink.ts'
import { createTurnDesk, type TurnDesk } from './turn-desk.ts'
import { SESSION_DEFAULTS } from './turn-handling.ts'
import { openVoice, type CallVoice } from './voice.ts'
import type { CallerListener, LineListener, VoiceLine } from './voice-line.ts'

/** How long the end of a call waits to learn what was heard last. */
const LAST_WORD_MS = 1000
/** Typed lines of a room that may wait for their turn. */
const MOST_WAITING_LINES = 50

type CallParts = Readonly<{
  spec: SessionSpec
  host: CallHost
  report: Report
  providers: CallProviders
  cell: ConfigCell
  sttLog: SttLog
  room: CallRoom | undefined
}>
/** Of a change to another agent. */
export type Switch = Readonly<{ history?: 'keep' | 'clear' | undefined; speak?: boolean | undefined }>

/** One conversation with one agent, as its process serves it. */
export class Call {
  readonly #spec: SessionSpec
  readonly #host: CallHost
  readonly #report: Report
  readonly #providers: CallProviders
  readonly #cell: ConfigCell
  readonly #desk: TurnDesk
  readonly #tools: CallTools
  readonly #callerTurns: CallerTurns
  readonly #room: CallRoom | undefined
  readonly #extension: CallExtension
  readonly #memory = createMemory()
  /** What a crash had left undone is known, or is being done again. */
  #recovered: Promise<void> = Promise.resolve()
  readonly #caller: CallerListener = {
    onThere: () => {
      this.#there = true
      this.#open()
    },
    onGone: () => void this.interrupt(),
    onLost: (reason) => void this.end(reason),
  }
  #voice: CallVoice | undefined
  #page: PageLine | undefined
  #session: voice.AgentSession | undefined
  #follower: SessionFollower | undefined
  /** Resolves when everything is set up: what happens before waits for it. */
  #begun: Promise<unknown> = Promise.resolve()
  #ready = false
  #there = false
  #opened = false
  #configured: Promise<unknown> = Promise.resolve()
  #agent: StructuredAgent | undefined
  #ending: Promise<void> | undefined

  constructor({ spec, host, report, providers, cell, sttLog, room }: CallParts) {
    this.#spec = spec
    this.#host = host
    this.#report = report
    this.#providers = providers
    this.#cell = cell
    this.#room = room
    this.#extension = createCallExtension({ extensions: host.extensions, spec, cell, report })
    this.#desk = createTurnDesk(report, spec.turn_count, (turn) => this.#extension.after(turn))
    this.#tools = createCallTools({
      spec,
      report,
      host,
      rpc: () => room?.rpc,
      extension: (tool, given, timeout_ms) => this.#extension.tool(tool, given, timeout_ms),
      turnOver: () => this.#desk.newest()?.done ?? Promise.resolve(),
      end: (reason) => void this.end(reason),
    })
    this.#callerTurns = createCallerTurns({
      cell,
      desk: this.#desk,
      report,
      sttLog,
      tools: this.#tools,
      callerAudio: providers.context.callerAudio,
      now: () => ({
        voice: this.#voice,
        session: this.#session,
        agent: this.#agent,
        isEnding: this.#ending !== undefined,
        configured: this.#configured,
      }),
      interrupt: () => this.interrupt(),
    })
  }

  /** Once, before anything else. */
  async start(): Promise<void> {
    const begun = this.#begin()
    this.#begun = begun.catch(() => undefined)
    await begun
    this.#ready = true
    // Whoever reads is there; whoever listens has to come.
    if (this.#there || !(this.#voice || this.#room)) this.#open()
  }

  async #begin(): Promise<void> {
    this.#voice = this.#spec.modality === 'voice' ? await this.#openVoice() : undefined
    const session = new voice.AgentSession({
      ...SESSION_DEFAULTS,
      ...(this.#voice?.options ?? { vad: null, turnHandling: { turnDetection: null } }),
      llm: new StandInLLM(),
    })
    this.#session = session
    this.#follower = followSession(session, { desk: this.#desk, report: this.#report })
    if (this.#voice) this.#voice.connect(session)
    else session.output.transcription = createTranscriptSink((text) => this.#desk.speaking()?.speechDelta(text))
    this.#agent = this.#createAgent()
    const { history, unfinished_tools = [] } = this.#spec
    this.#recovered = this.#tools.recover(unfinished_tools, this.#cell.current().tools, behindLastLine(history, this.#desk))
    const joined = this.#room?.join({
      ...this.#caller,
      onLine: (text) => void this.#typedInRoom(text),
      onEvent: (event) => this.event(event),
    })
    await Promise.all([session.start({ agent: this.#agent, record: false }), joined, this.#extension.enter()])
  }

  /** From the next turn on. One that cannot be used is told, and the present one goes on. */
  async configure(config: SessionConfig, to: Switch = {}): Promise<void> {
    this.#configured = this.#change(config, to)
    await this.#configured
  }

  /** The caller says something by text. Whatever goes on at that moment, the line is answered. */
  say(text: string): Promise<void> {
    if (this.#ending) return Promise.resolve()
    // Whoever types does not wait for a greeting.
    this.#opened = true
    return this.#callerTurns.type(text)
  }

  /** A room is open to strangers: whoever floods it is not answered line by line, and fills no memory. */
  async #typedInRoom(text: string): Promise<void> {
    await this.#begun
    if (this.#callerTurns.waiting() < MOST_WAITING_LINES) await this.say(text)
  }

  /** For the extension of the agent, which may change what is said from the next turn. */
  event(event: CustomEvent): Promise<void> {
    const heard = this.#begun.then(() => this.#extension.event(event))
    this.#configured = Promise.allSettled([this.#configured, heard])
    return heard
  }

  synced(sync_id: number): void {
    this.#tools.synced(sync_id)
  }

  handoffRefused(agent_id: AgentId, reason: string): void {
    this.#tools.refused(agent_id, reason)
  }

  roomToken(token: string | undefined): void {
    this.#room?.token(token)
  }

  listenTo(identity: string): void {
    this.#room?.listenTo(identity)
  }

  /** Leaves the room, and nothing else: nobody keeps this call any more. */
  async abandon(): Promise<void> {
    await this.#room?.leave({ isOver: false })
  }

  /** Of everything that this call holds. */
  async letGo(): Promise<void> {
    this.#voice?.hangUp()
    await this.#session?.close()
    this.#desk.commitAll()
    await this.#voice?.close()
    this.#extension.over()
    this.#cell.close()
    this.#providers.close()
  }

  async interrupt(): Promise<void> {
    await this.#follower?.interrupt()
  }

  attachMedia(headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket): void {
    if (this.#page) return this.#page.attach(headers, head, socket)
    socket.destroy()
    // The sound of a room call goes through its room.
    if (this.#room) return
    throw new StudioError('unsupported', 'A text call has no audio', 'Start a voice call.')
  }

  end(reason: string): Promise<void> {
    this.#ending ??= this.#begun.then(() => this.#close(reason))
    return this.#ending
  }

  #openVoice(): Promise<CallVoice> {
    return openVoice({
      cell: this.#cell,
      desk: this.#desk,
      report: this.#report,
      endOfTurn: this.#host.endOfTurn,
      callerAudio: this.#providers.context.callerAudio,
      isTyping: this.#callerTurns.isTyping,
      onNotHeard: this.#callerTurns.askAgain,
      openLine: (listener) => this.#openLine(listener),
    })
  }

  #openLine(listener: LineListener): VoiceLine {
    if (this.#room) return this.#room.openLine(listener)
    this.#page = openPageLine(this.#report.clock, this.#caller, listener)
    return this.#page
  }

  #createAgent(): StructuredAgent {
    return new StructuredAgent({
      chatCtx: fromPast(this.#spec.history, this.#desk),
      desk: this.#desk,
      tools: this.#tools,
      memory: this.#memory,
      before: (turn) => this.#extension.before(turn),
      notice: this.#providers.context.notice,
      onSpoken: this.#callerTurns.spoken,
    })
  }

  /** The agent has the first word, as soon as there is somebody to hear it. */
  #open(): void {
    if (this.#opened || this.#ending || !this.#ready) return
    this.#opened = true
    const unasked = openingOf(this.#spec, this.#cell.current())
    const waits = unasked.some(({ words }) => words === undefined) ? this.#recovered : undefined
    for (const one of unasked.filter(({ words }) => words !== undefined)) this.#speak(one)
    void waits?.then(() => unasked.filter(({ words }) => words === undefined).forEach((one) => this.#speak(one)))
  }

  #speak({ source, words }: Unasked): void {
    if (this.#ending) return
    this.#desk.open(source, this.#cell.current(), undefined, words).mark('t0')
    this.#session?.generateReply({})
  }

  async #change(config: SessionConfig, { history, speak }: Switch): Promise<void> {
    try {
      const before = this.#cell.current().agent_id
      const { revision, agent_id } = await this.#cell.change(config)
      if (agent_id !== before) await this.#extension.enter()
      const changed = this.#cell.current()
      this.#voice?.changed()
      if (history === 'clear') this.#memory.clear([...this.#messageIds(), ...this.#desk.openIds()])
      this.#report.journal({ type: 'config.changed', revision, agent_id, ...(history && { history }) })
      this.#tools.configured(agent_id)
      if (speak) void this.#takeOver(takeOverOf(history, changed))
    } catch (cause) {
      if (!(cause instanceof StudioError)) throw cause
      this.#report.journal({ type: 'session.error', source: 'runtime', error: cause.body, recoverable: true })
    }
  }

  /** Behind the last words of the agent before; a line that waits is answered by this one anyway. */
  async #takeOver(first: Unasked): Promise<void> {
    await this.#desk.settled()
    if (!this.#callerTurns.isTyping()) this.#speak(first)
  }

  #messageIds = (): string[] => (this.#agent ? messagesOf(this.#agent.chatCtx).map(({ id }) => id) : [])

  async #close(reason: string): Promise<void> {
    // While the page is still there to say how much of the last reply was heard.
    await Promise.race([this.interrupt().then(this.#desk.settled), sleep(LAST_WORD_MS)])
    await this.letGo()
    this.#report.journal({ type: 'session.ended', reason })
    this.#report.flush()
    await this.#room?.leave({ isOver: reason !== 'superseded' && reason !== 'displaced' })
    this.#host.ended(reason)
  }
}
