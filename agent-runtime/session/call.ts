import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { llm, voice } from '@livekit/agents'
import { StudioError, type ErrorBody } from '../../core/contract/errors.ts'
import type { SessionConfig, SessionSpec } from '../../core/contract/runtime.ts'
import type { JournalBody, SessionEvent } from '../../core/contract/session-events.ts'
import { createProviderContext, type CallProviders } from '../providers/create-provider-context.ts'
import { createConfigCell, type ConfigCell, type TurnConfig } from './config-cell.ts'
import { fromPast } from './conversation.ts'
import type { EndOfTurn } from './end-of-turn.ts'
import { failureSentence } from './failure-sentence.ts'
import { followSession, type SessionFollower } from './follow-session.ts'
import { createReport, type Report } from './report.ts'
import { StandInLLM } from './stand-ins.ts'
import { createSttLog, type SttLog } from './stt-log.ts'
import { StructuredAgent } from './structured-agent.ts'
import { createTranscriptSink } from './transcript-sink.ts'
import { createTurnDesk, type TurnDesk } from './turn-desk.ts'
import { SESSION_DEFAULTS } from './turn-handling.ts'
import type { Turn, TurnSource } from './turn.ts'
import type { Heard } from './utterances.ts'
import { openVoice, type CallVoice } from './voice.ts'

/** How long the end of a call waits to learn what was heard last. */
const LAST_WORD_MS = 1000

export type CallHost = Readonly<{
  emit: (events: readonly SessionEvent[]) => void
  /** The last word of a call; comes once. */
  ended: (reason: string) => void
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
}>

/** Starts a call. Throws StudioError when its configuration cannot be used. */
export async function startCall(spec: SessionSpec, host: CallHost): Promise<Call> {
  const report = createReport(spec.attempt, host.emit)
  const providers = createProviderContext(spec, report)
  const { modality, variables } = spec
  const sttLog = createSttLog()
  const cell = await createConfigCell(spec.config, { modality, variables, context: providers.context, told: sttLog })
  report.journal(startedEvent(spec, cell.current()))
  const call = new Call({ spec, host, report, providers, cell, sttLog })
  await call.start()
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
  #voice: CallVoice | undefined
  #session: voice.AgentSession | undefined
  #follower: SessionFollower | undefined
  #opened = false
  #configured: Promise<unknown> = Promise.resolve()
  #agent: StructuredAgent | undefined
  /** Typed lines that wait for their turn, oldest first. */
  readonly #typed: TypedLine[] = []
  #answering: Promise<void> | undefined
  #ending: Promise<void> | undefined

  constructor({ spec, host, report, providers, cell, sttLog }: CallParts) {
    this.#spec = spec
    this.#host = host
    this.#report = report
    this.#providers = providers
    this.#cell = cell
    this.#sttLog = sttLog
    this.#desk = createTurnDesk(report, spec.turn_count)
  }

  /** Once, before anything else. */
  async start(): Promise<void> {
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
    await session.start({ agent: this.#agent, record: false })
    if (!this.#voice) this.#open()
  }

  /** From the next turn on. One that cannot be used is told, and the present one goes on. */
  async configure(config: SessionConfig): Promise<void> {
    this.#configured = this.#change(config)
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

  async interrupt(): Promise<void> {
    await this.#follower?.interrupt()
  }

  attachMedia(headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket): void {
    if (this.#voice) return this.#voice.attach(headers, head, socket)
    socket.destroy()
    throw new StudioError('unsupported', 'A text call has no audio', 'Start a voice call.')
  }

  end(reason: string): Promise<void> {
    this.#ending ??= this.#close(reason)
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
      onPage: () => this.#open(),
      onGone: () => void this.interrupt(),
      onLost: () => void this.end('page_closed'),
    })
  }

  #createAgent(): StructuredAgent {
    return new StructuredAgent({
      chatCtx: fromPast(this.#spec.history, this.#desk),
      desk: this.#desk,
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
    if (this.#opened || this.#ending) return
    this.#opened = true
    const { history } = this.#spec
    if (history.length === 0 && this.#cell.current().greeting !== '') this.#speakFirst('greeting')
    // The process before this one died between the caller's words and the answer.
    else if (history.at(-1)?.role === 'user') this.#speakFirst('resume')
  }

  #speakFirst(source: TurnSource): void {
    const config = this.#cell.current()
    this.#desk.open(source, config, undefined, source === 'greeting' ? config.greeting : undefined).mark('t0')
    this.#session?.generateReply({})
  }

  async #change(config: SessionConfig): Promise<void> {
    try {
      const { revision, agent_id } = await this.#cell.change(config)
      this.#voice?.changed()
      this.#report.journal({ type: 'config.changed', revision, agent_id })
    } catch (cause) {
      if (!(cause instanceof StudioError)) throw cause
      this.#report.journal({ type: 'session.error', source: 'runtime', error: cause.body, recoverable: true })
    }
  }

  async #close(reason: string): Promise<void> {
    // While the page is still there to say how much of the last reply was heard.
    await Promise.race([this.interrupt().then(this.#desk.settled), sleep(LAST_WORD_MS)])
    this.#voice?.hangUp()
    await this.#session?.close()
    this.#desk.commitAll()
    await this.#voice?.close()
    this.#cell.close()
    this.#providers.close()
    this.#report.journal({ type: 'session.ended', reason })
    this.#report.flush()
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
