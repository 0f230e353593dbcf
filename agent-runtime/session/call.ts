import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { llm, voice } from '@livekit/agents'
import { StudioError, type ErrorBody } from '../../core/contract/errors.ts'
import type { AgentId } from '../../core/contract/ids.ts'
import type { SessionConfig, SessionSpec } from '../../core/contract/runtime.ts'
import type { JournalBody, SessionEvent } from '../../core/contract/session-events.ts'
import { createCallTools, type CallTools } from '../tools/call-tools.ts'
import { createProviderContext, type CallProviders } from '../providers/create-provider-context.ts'
import { createConfigCell, type ConfigCell, type TurnConfig } from './config-cell.ts'
import { behindLastLine, fromPast, messagesOf } from './conversation.ts'
import type { EndOfTurn } from './end-of-turn.ts'
import { failureSentence } from './failure-sentence.ts'
import { followSession, type SessionFollower } from './follow-session.ts'
import { openPageLine, type PageLine } from './media/page-line.ts'
import { createMemory } from './memory.ts'
import { openingOf, takeOverOf, type Unasked } from './opening.ts'
import { createReport, type Report } from './report.ts'
import { createCallRoom, type CallRoom } from './room/call-room.ts'
import { StandInLLM } from './stand-ins.ts'
import { createSttLog, type SttLog } from './stt-log.ts'
import { StructuredAgent } from './structured-agent.ts'
import { createTranscriptSink } from './transcript-sink.ts'
import { createTurnDesk, type TurnDesk } from './turn-desk.ts'
import { SESSION_DEFAULTS } from './turn-handling.ts'
import type { Turn, TurnSource } from './turn.ts'
import type { Heard } from './utterances.ts'
import { openVoice, type CallVoice } from './voice.ts'
import type { CallerListener, LineListener, VoiceLine } from './voice-line.ts'

/** How long the end of a call waits to learn what was heard last. */
const LAST_WORD_MS = 1000
/** Typed lines of a room that may wait for their turn. */
const MOST_WAITING_LINES = 50

export type CallHost = Readonly<{
  emit: (events: readonly SessionEvent[]) => void
  /** The last word of a call; comes once. */
  ended: (reason: string) => void
  /** Asks whether everything told so far is on disk; `synced` answers. */
  sync: (sync_id: number) => void
  /** Asks for another agent; it comes by `configure`, or `handoffRefused` says why not. */
  handoff: (agent_id: AgentId, history: 'keep' | 'clear') => void
  /** Asks for a new token for the room; `roomToken` answers. */
  askToken: () => void
  endOfTurn: EndOfTurn
}>

type TypedLine = Readonly<{ text: string; source: Extract<TurnSource, 'voice' | 'text'> }>
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

/** Starts a call. Throws StudioError when its configuration cannot be used. */
export async function startCall(spec: SessionSpec, host: CallHost): Promise<Call> {
  const audience = [host.emit]
  const report = createReport(spec.attempt, (events) => audience.forEach((tell) => tell(events)))
  const providers = createProviderContext(spec, report)
  const { modality, variables, attempt, earlier, turn_count } = spec
  const sttLog = createSttLog()
  const cell = await createConfigCell(spec.config, { modality, variables, context: providers.context, told: sttLog })
  const turnRpc = () => cell.current().document.room_config.turn_rpc === true
  const { askToken } = host
  const room = spec.room && createCallRoom({ room: spec.room, attempt, earlier, turn_count, report, turnRpc, askToken })
  if (room) audience.push(room.tell)
  report.journal(startedEvent(spec, cell.current()))
  const call = new Call({ spec, host, report, providers, cell, sttLog, room })
  await call.start().catch(async (cause: unknown) => {
    await Promise.all([call.letGo(), room?.leave()])
    throw cause
  })
  return call
}

/** One conversation with one agent, as its process serves it. */
export class Call {
  readonly #spec: SessionSpec
  readonly #host: CallHost
  readonly #report: Report
  readonly #providers: CallProviders
  readonly #cell: ConfigCell
  readonly #sttLog: SttLog
  readonly #desk: TurnDesk
  readonly #tools: CallTools
  readonly #room: CallRoom | undefined
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
  /** Typed lines that wait for their turn, oldest first. */
  readonly #typed: TypedLine[] = []
  #answering: Promise<void> | undefined
  #ending: Promise<void> | undefined

  constructor({ spec, host, report, providers, cell, sttLog, room }: CallParts) {
    this.#spec = spec
    this.#host = host
    this.#report = report
    this.#providers = providers
    this.#cell = cell
    this.#sttLog = sttLog
    this.#room = room
    this.#desk = createTurnDesk(report, spec.turn_count)
    this.#tools = createCallTools({
      spec,
      report,
      host,
      rpc: () => room?.rpc,
      turnOver: () => this.#desk.newest()?.done ?? Promise.resolve(),
      end: (reason) => void this.end(reason),
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
    const joined = this.#room?.join({ ...this.#caller, onLine: (text) => void this.#typedInRoom(text) })
    await Promise.all([session.start({ agent: this.#agent, record: false }), joined])
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
    this.#typed.push({ text, source: this.#voice?.typedWhileSpeaking() ? 'voice' : 'text' })
    this.#answering ??= this.#answerTyped().finally(() => (this.#answering = undefined))
    return this.#answering
  }

  /** A room is open to strangers: whoever floods it is not answered line by line, and fills no memory. */
  async #typedInRoom(text: string): Promise<void> {
    await this.#begun
    if (this.#typed.length < MOST_WAITING_LINES) await this.say(text)
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
    await this.#room?.leave()
  }

  /** Of everything that this call holds. */
  async letGo(): Promise<void> {
    this.#voice?.hangUp()
    await this.#session?.close()
    this.#desk.commitAll()
    await this.#voice?.close()
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
      isTyping: () => this.#answering !== undefined,
      onNotHeard: (error) => this.#askAgain(error),
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
      notice: this.#providers.context.notice,
      onSpoken: (message) => {
        const text = message.textContent ?? ''
        // A typed line takes what was said before it along, and a reply to that would talk over its own.
        if (this.#answering || !this.#voice?.claim(text)) return false
        this.#providers.context.callerAudio.assign(message.id, text)
        this.#hear(this.#desk.open('voice', this.#cell.current(), message.id), text)
        return true
      },
    })
  }

  /** One after the other: each ends the reply before it, lets the caller finish, and then has its own. */
  async #answerTyped(): Promise<void> {
    for (let line = this.#typed[0]; line && !this.#ending; line = this.#typed[0]) {
      await this.#follower?.interrupt()
      const heard = (await this.#voice?.takeHeard()) ?? []
      // What is said after a save is answered by what was saved.
      await Promise.all([this.#desk.settled(), this.#configured])
      this.#typed.shift()
      for (const words of heard) await this.#keep('voice', words.text, words)
      // The reply to the next line answers this one too: it would be cut before its first word.
      if (this.#typed.length > 0) await this.#keep(line.source, line.text)
      else this.#reply(line)
    }
  }

  #reply({ source, text }: TypedLine): void {
    const { document } = this.#cell.current()
    const message = llm.ChatMessage.create({ role: 'user', content: text })
    this.#hear(this.#desk.open(source, this.#cell.current(), message.id), text)
    const noisy = this.#voice?.speaking() ?? false
    // A voice that does not end, such as a television's, must not cut this reply; the next that begins may.
    const handle = this.#session?.generateReply({ userInput: message, ...(noisy ? { allowInterruptions: false } : {}) })
    if (!noisy || !handle || !document.turn_config.allow_interruptions) return
    void this.#voice?.silence().then(() => void (handle.allowInterruptions = true))
  }

  /** A turn of what the caller said that the next reply answers together with what comes after it. */
  async #keep(source: TurnSource, text: string, heard?: Heard): Promise<void> {
    const message = llm.ChatMessage.create({ role: 'user', content: text })
    if (heard) this.#providers.context.callerAudio.assign(message.id, text)
    const turn = this.#desk.open(source, this.#cell.current(), message.id)
    this.#hear(turn, text, heard)
    await this.#agent?.remember(message)
    turn.commit(true)
  }

  #hear(turn: Turn, text: string, heard?: Heard): void {
    if (turn.source === 'voice') this.#voice?.timesOf(turn, heard)
    const now = this.#report.clock()
    for (const mark of ['t0', 't1', 't2'] as const) turn.mark(mark, now)
    turn.heard(text)
    this.#tools.heard()
    this.#sttLog.giveTo(turn)
  }

  /** The caller spoke and was not understood by anybody: a silence would be taken for a dead line. */
  #askAgain(error: ErrorBody): void {
    const config = this.#cell.current()
    const sentence = failureSentence(config.document)
    const busy = this.#answering !== undefined || this.#desk.newest()?.words === sentence
    if (busy || sentence === '' || this.#ending)
      return this.#report.journal({ type: 'session.error', source: 'stt', error, recoverable: true })
    const turn = this.#desk.open('voice', config, undefined, sentence)
    this.#voice?.timesOf(turn)
    for (const mark of ['t0', 't1', 't2'] as const) turn.mark(mark)
    this.#sttLog.giveTo(turn)
    turn.error('stt', error)
    this.#session?.generateReply({})
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
      const changed = await this.#cell.change(config)
      const { revision, agent_id } = changed
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
    if (!this.#answering) this.#speak(first)
  }

  #messageIds = (): string[] => (this.#agent ? messagesOf(this.#agent.chatCtx).map(({ id }) => id) : [])

  async #close(reason: string): Promise<void> {
    // While the page is still there to say how much of the last reply was heard.
    await Promise.race([this.interrupt().then(this.#desk.settled), sleep(LAST_WORD_MS)])
    await this.letGo()
    this.#report.journal({ type: 'session.ended', reason })
    this.#report.flush()
    await this.#room?.leave()
    this.#host.ended(reason)
  }
}

const startedEvent = (spec: SessionSpec, { agent_id, revision, document }: TurnConfig): JournalBody => ({
  type: 'session.started',
  agent_id,
  revision,
  modality: spec.modality,
  providers: { stt: document.stt_config.provider, llm: document.llm_config.provider, tts: document.tts_config.provider },
  ...(spec.what_if && { what_if: spec.what_if }),
})
