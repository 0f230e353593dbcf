import { llm, type voice } from '@livekit/agents'
import type { ErrorBody } from '../../core/contract/errors.ts'
import type { CallProviders } from '../providers/create-provider-context.ts'
import type { CallTools } from '../tools/call-tools.ts'
import type { ConfigCell } from './config-cell.ts'
import { failureSentence } from './failure-sentence.ts'
import type { Report } from './report.ts'
import type { StructuredAgent } from './structured-agent.ts'
import type { SttLog } from './stt-log.ts'
import type { TurnDesk } from './turn-desk.ts'
import type { Turn, TurnSource } from './turn.ts'
import type { Heard } from './utterances.ts'
import type { CallVoice } from './voice.ts'

/** What the caller says and types, as turns that are answered. */
export type CallerTurns = Readonly<{
  /** Whatever goes on at that moment, the line is answered; resolves when its reply has begun. */
  type: (text: string) => Promise<void>
  /** How many typed lines wait for their turn. */
  waiting: () => number
  /** A typed line is being answered, or waits for that. */
  isTyping: () => boolean
  /** Whether a reply shall follow to what was said. */
  spoken: (message: llm.ChatMessage) => boolean
  /** The caller spoke and was not understood by anybody. */
  askAgain: (error: ErrorBody) => void
}>

export type CallerTurnDeps = Readonly<{
  cell: ConfigCell
  desk: TurnDesk
  report: Report
  sttLog: SttLog
  tools: Pick<CallTools, 'heard'>
  callerAudio: CallProviders['context']['callerAudio']
  /** What there is of the call by now. */
  now: () => Readonly<{
    voice: CallVoice | undefined
    session: voice.AgentSession | undefined
    agent: StructuredAgent | undefined
    isEnding: boolean
    /** Resolves when the last change of the configuration is in use. */
    configured: Promise<unknown>
  }>
  /** Ends what the agent says. */
  interrupt: () => Promise<void>
}>

type TypedLine = Readonly<{ text: string; source: Extract<TurnSource, 'voice' | 'text'> }>

export function createCallerTurns(deps: CallerTurnDeps): CallerTurns {
  const { cell, desk, report, sttLog, tools, callerAudio, now, interrupt } = deps
  /** Oldest first. */
  const typed: TypedLine[] = []
  let answering: Promise<void> | undefined

  /** One after the other: each ends the reply before it, lets the caller finish, and then has its own. */
  async function answerTyped(): Promise<void> {
    for (let line = typed[0]; line && !now().isEnding; line = typed[0]) {
      await interrupt()
      const heard = (await now().voice?.takeHeard()) ?? []
      // What is said after a save is answered by what was saved.
      await Promise.all([desk.settled(), now().configured])
      typed.shift()
      for (const words of heard) await keep('voice', words.text, words)
      // The reply to the next line answers this one too: it would be cut before its first word.
      if (typed.length > 0) await keep(line.source, line.text)
      else reply(line)
    }
  }

  function reply({ source, text }: TypedLine): void {
    const { document } = cell.current()
    const message = llm.ChatMessage.create({ role: 'user', content: text })
    hear(desk.open(source, cell.current(), message.id), text)
    const { voice, session } = now()
    const noisy = voice?.speaking() ?? false
    // A voice that does not end, such as a television's, must not cut this reply; the next that begins may.
    const handle = session?.generateReply({ userInput: message, ...(noisy ? { allowInterruptions: false } : {}) })
    if (!noisy || !handle || !document.turn_config.allow_interruptions) return
    void voice?.silence().then(() => void (handle.allowInterruptions = true))
  }

  /** A turn of what the caller said that the next reply answers together with what comes after it. */
  async function keep(source: TurnSource, text: string, heard?: Heard): Promise<void> {
    const message = llm.ChatMessage.create({ role: 'user', content: text })
    if (heard) callerAudio.assign(message.id, text)
    const turn = desk.open(source, cell.current(), message.id)
    hear(turn, text, heard)
    await now().agent?.remember(message)
    turn.commit(true)
  }

  function hear(turn: Turn, text: string, heard?: Heard): void {
    if (turn.source === 'voice') now().voice?.timesOf(turn, heard)
    const at = report.clock()
    for (const mark of ['t0', 't1', 't2'] as const) turn.mark(mark, at)
    turn.heard(text)
    tools.heard()
    sttLog.giveTo(turn)
  }

  return {
    type(text) {
      typed.push({ text, source: now().voice?.typedWhileSpeaking() ? 'voice' : 'text' })
      answering ??= answerTyped().finally(() => (answering = undefined))
      return answering
    },
    waiting: () => typed.length,
    isTyping: () => answering !== undefined,
    spoken(message) {
      const text = message.textContent ?? ''
      // A typed line takes what was said before it along, and a reply to that would talk over its own.
      if (answering || !now().voice?.claim(text)) return false
      callerAudio.assign(message.id, text)
      hear(desk.open('voice', cell.current(), message.id), text)
      return true
    },
    // A silence would be taken for a dead line.
    askAgain(error) {
      const config = cell.current()
      const sentence = failureSentence(config.document)
      const { voice, session, isEnding } = now()
      const busy = answering !== undefined || desk.newest()?.words === sentence
      if (busy || sentence === '' || isEnding)
        return report.journal({ type: 'session.error', source: 'stt', error, recoverable: true })
      const turn = desk.open('voice', config, undefined, sentence)
      voice?.timesOf(turn)
      for (const mark of ['t0', 't1', 't2'] as const) turn.mark(mark)
      sttLog.giveTo(turn)
      turn.error('stt', error)
      session?.generateReply({})
    },
  }
}
