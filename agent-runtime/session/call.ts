import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { llm, voice } from '@livekit/agents'
import { StudioError } from '../../core/contract/errors.ts'
import type { SessionConfig, SessionSpec } from '../../core/contract/runtime.ts'
import type { SessionEvent } from '../../core/contract/session-events.ts'
import { createProviderContext } from '../providers/create-provider-context.ts'
import { createConfigCell } from './config-cell.ts'
import { fromPast } from './conversation.ts'
import type { EndOfTurn } from './end-of-turn.ts'
import { followSession } from './follow-session.ts'
import { createReport } from './report.ts'
import { StandInLLM } from './stand-ins.ts'
import { StructuredAgent } from './structured-agent.ts'
import { createTurnDesk } from './turn-desk.ts'
import { SESSION_DEFAULTS } from './turn-handling.ts'
import type { TurnSource } from './turn.ts'
import { createTranscriptSink } from './transcript-sink.ts'
import { openVoice, type CallVoice } from './voice.ts'

/** How long the end of a call waits to learn what was heard last. */
const LAST_WORD_MS = 1000

/** A running call, as its process serves it. */
export type Call = Readonly<{
  configure: (config: SessionConfig) => Promise<void>
  say: (text: string) => Promise<void>
  interrupt: () => void
  attachMedia: (headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket) => void
  end: (reason: string) => Promise<void>
}>

export type CallHost = Readonly<{
  emit: (events: readonly SessionEvent[]) => void
  /** The last word of a call; comes once. */
  ended: (reason: string) => void
  endOfTurn: EndOfTurn
}>

/** Starts a call. Throws StudioError when its configuration cannot be used. */
export async function startCall(spec: SessionSpec, { emit, ended, endOfTurn }: CallHost): Promise<Call> {
  const report = createReport(spec.attempt, emit)
  const providers = createProviderContext(spec, report)
  const cell = await createConfigCell(spec.config, {
    modality: spec.modality,
    variables: spec.variables,
    context: providers.context,
  })
  const desk = createTurnDesk(report, spec.turn_count)
  const first = cell.current()
  report.journal({
    type: 'session.started',
    agent_id: first.agent_id,
    revision: first.revision,
    modality: spec.modality,
    providers: {
      stt: first.document.stt_config.provider,
      llm: first.document.llm_config.provider,
      tts: first.document.tts_config.provider,
    },
  })

  const voiceParts: CallVoice | undefined =
    spec.modality === 'voice'
      ? await openVoice({
          cell,
          desk,
          report,
          script: providers.context.script,
          endOfTurn,
          onPage: () => open(),
          onGone: () => void interrupt(),
          onLost: () => void end('page_closed'),
        })
      : undefined
  const session = new voice.AgentSession({
    ...SESSION_DEFAULTS,
    ...(voiceParts?.options ?? { vad: null, turnHandling: { turnDetection: null } }),
    llm: new StandInLLM(),
  })
  const agent = new StructuredAgent({
    chatCtx: fromPast(spec.history, desk),
    desk,
    onSpoken: (message) => {
      const turn = desk.open('voice', cell.current(), message.id)
      voiceParts?.timesOf(turn)
      turn.mark('t2')
      turn.heard(message.textContent ?? '')
    },
    notice: providers.context.notice,
  })
  const { interrupt } = followSession(session, { desk, report })
  if (voiceParts) voiceParts.connect(session)
  else session.output.transcription = createTranscriptSink((text) => desk.speaking()?.speechDelta(text))
  await session.start({ agent, record: false })

  let opened = false
  let ending: Promise<void> | undefined
  let configured: Promise<unknown> = Promise.resolve()

  /** The agent speaks without being asked. */
  const speakFirst = (source: TurnSource) => {
    desk.open(source, cell.current()).mark('t0')
    session.generateReply({})
  }
  const open = () => {
    if (opened || ending) return
    opened = true
    if (spec.history.length === 0 && cell.current().greeting !== '') speakFirst('greeting')
    // The process died between the caller's words and the answer.
    else if (spec.history.at(-1)?.role === 'user') speakFirst('resume')
  }
  /** A configuration that cannot be used is told, and the present one goes on. */
  const changeTo = async (config: SessionConfig) => {
    try {
      const { revision, agent_id } = await cell.change(config)
      voiceParts?.changed()
      report.journal({ type: 'config.changed', revision, agent_id })
    } catch (cause) {
      if (!(cause instanceof StudioError)) throw cause
      report.journal({ type: 'session.error', source: 'runtime', error: cause.body, recoverable: true })
    }
  }
  const end = (reason: string): Promise<void> => {
    ending ??= close(reason)
    return ending
  }
  const close = async (reason: string) => {
    // While the page is still there to say how much of the last reply was heard.
    await Promise.race([interrupt().then(desk.settled), sleep(LAST_WORD_MS)])
    voiceParts?.hangUp()
    await session.close()
    desk.commitAll()
    await voiceParts?.close()
    providers.close()
    report.journal({ type: 'session.ended', reason })
    report.flush()
    ended(reason)
  }
  if (!voiceParts) open()

  return {
    async configure(config) {
      // What is said after a save is answered by what was saved.
      configured = changeTo(config)
      await configured
    },
    async say(text) {
      if (voiceParts?.typedWhileSpeaking(text)) return
      await interrupt()
      await Promise.all([desk.settled(), configured])
      const message = llm.ChatMessage.create({ role: 'user', content: text })
      const turn = desk.open('text', cell.current(), message.id)
      const now = report.clock()
      turn.mark('t0', now)
      turn.mark('t1', now)
      turn.mark('t2', now)
      turn.heard(text)
      session.generateReply({ userInput: message })
    },
    interrupt: () => void interrupt(),
    attachMedia(headers, head, socket) {
      if (voiceParts) return voiceParts.attach(headers, head, socket)
      socket.destroy()
      throw new StudioError('unsupported', 'A text call has no audio', 'Start a voice call.')
    },
    end,
  }
}
