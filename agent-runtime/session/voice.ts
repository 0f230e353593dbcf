import type { Socket } from 'node:net'
import { VADEventType, type AgentSessionOptions, type VADEvent, type voice } from '@livekit/agents'
import type { MediaUp } from '../../core/contract/media.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import type { Script } from '../providers/rehearsal/script.ts'
import { CallerEar, silenceBefore } from './caller-ear.ts'
import type { ConfigCell } from './config-cell.ts'
import type { EndOfTurn } from './end-of-turn.ts'
import { createMediaLink } from './media/media-link.ts'
import { Microphone } from './media/microphone.ts'
import { createPageClock } from './media/page-clock.ts'
import { Speaker } from './media/speaker.ts'
import { SPEECH_SAMPLE_RATE } from './rate-converter.ts'
import type { Report } from './report.ts'
import { StandInTTS } from './stand-ins.ts'
import { createSynchronizer, createTranscriptSink } from './transcript-sink.ts'
import { endpointingOf, interruptionOf } from './turn-handling.ts'
import type { Turn } from './turn.ts'
import type { TurnDesk } from './turn-desk.ts'
import { UtteranceStt } from './utterance-stt.ts'

/** How long the agent waits for the page to come, and to come back after a reload. */
const FIRST_PAGE_MS = 30_000
const PAGE_BACK_MS = 10_000

export type CallVoice = Readonly<{
  options: AgentSessionOptions
  /** Joins microphone, loudspeaker and page to the session; before it starts. */
  connect: (session: voice.AgentSession) => void
  attach: (headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket) => void
  /** The turn answers what was just heard: it gets the times of that. */
  timesOf: (turn: Turn) => void
  /** A line typed while the caller speaks is what rehearsal will have heard. True when it was taken so. */
  typedWhileSpeaking: (text: string) => boolean
  /** The configuration changed. */
  changed: () => void
  /** Lets go of the page. */
  hangUp: () => void
  close: () => Promise<void>
}>

export type VoiceParts = Readonly<{
  cell: ConfigCell
  desk: TurnDesk
  report: Report
  script: Script
  endOfTurn: EndOfTurn
  /** A page is there. */
  onPage: () => void
  /** The page went: nobody hears what is being said. */
  onGone: () => void
  /** No page came, or none came back. */
  onLost: () => void
}>

/** Everything that a voice call has and a text call has not: page, microphone, loudspeaker, voice detection and STT. */
export async function openVoice({
  cell,
  desk,
  report,
  script,
  endOfTurn,
  onPage,
  onGone,
  onLost,
}: VoiceParts): Promise<CallVoice> {
  const settings = () => cell.current().document.turn_config
  const hearing = createHearing(report)
  const waiting = createPatience(onLost)
  let session: voice.AgentSession | undefined

  const stt = new UtteranceStt({
    transcriber: () => cell.current().transcriber,
    onFailure: (transcriber, cause) =>
      report.journal({
        type: 'session.error',
        source: 'stt',
        error: providerFailure(transcriber.context, cause),
        recoverable: true,
      }),
    onTranscript: hearing.onTranscript,
    onHeard: hearing.onAudio,
  })
  const ear = new CallerEar(settings(), (event) => {
    hearing.onEvent(event)
    stt.hear(event)
  })
  const microphone = new Microphone()
  const pageClock = createPageClock(report.clock)
  const segments = new Map<number, Turn>()
  const link = createMediaLink({
    onAudio: (pcm) => microphone.push(pcm),
    onMessage: (message) => receive(message),
    onOpen() {
      waiting.stop()
      onPage()
    },
    onGone() {
      microphone.silence()
      onGone()
      waiting.start(PAGE_BACK_MS)
    },
  })
  const speaker = new Speaker({
    audio: link.audio,
    command: link.command,
    onSegment(segment) {
      const turn = desk.speaking()
      if (turn) segments.set(segment, turn)
    },
  })
  const synchronizer = await createSynchronizer(
    speaker,
    createTranscriptSink((text) => desk.speaking()?.speechDelta(text)),
  )

  const receive = (message: MediaUp): unknown => {
    switch (message.type) {
      case 'started': {
        pageClock.seen(message.at)
        const { at, uncertainty_ms } = pageClock.toSession(message.at)
        return segments.get(message.segment)?.mark('t6', at, uncertainty_ms)
      }
      case 'finished':
        segments.delete(message.segment)
        return speaker.finished(message.segment, message.position_ms, message.interrupted)
      case 'mute':
        microphone.mute(message.muted)
        if (message.muted && settings().turn_detection === 'manual' && hearing.pending()) session?.commitUserTurn()
        return
      case 'ping':
        pageClock.seen(message.at)
        if (message.offset_ms !== undefined && message.round_trip_ms !== undefined)
          pageClock.measured(message.offset_ms, message.round_trip_ms)
        return link.command({ type: 'pong', id: message.id, at: message.at, clock: report.clock() })
    }
  }
  waiting.start(FIRST_PAGE_MS)

  return {
    options: {
      stt,
      vad: ear,
      tts: new StandInTTS(SPEECH_SAMPLE_RATE),
      turnHandling: {
        turnDetection: endOfTurn.detectionFor(settings()),
        endpointing: endpointingOf(settings()),
        interruption: interruptionOf(settings()),
        preemptiveGeneration: { enabled: false },
      },
    },
    connect(joined) {
      session = joined
      session.input.audio = microphone
      session.output.audio = synchronizer.audioOutput
      session.output.transcription = synchronizer.textOutput
    },
    attach: link.attach,
    timesOf: (turn) => hearing.timesOf(turn),
    typedWhileSpeaking(text) {
      if (!hearing.speaking() || cell.current().document.stt_config.provider !== 'rehearsal') return false
      script.type(text)
      return true
    },
    changed() {
      ear.change(settings())
      if (!session) return
      Object.assign(session.sessionOptions.turnHandling.interruption, interruptionOf(settings()))
      session.updateOptions({
        turnHandling: { turnDetection: endOfTurn.detectionFor(settings()), endpointing: endpointingOf(settings()) },
      })
    },
    hangUp() {
      waiting.stop()
      speaker.abandon()
      link.close()
    },
    async close() {
      await microphone.close()
      await synchronizer.close()
    },
  }
}

/** What was heard of the caller since the last turn, on the session's clock. */
function createHearing(report: Report) {
  let stopped: number | undefined
  let transcribed: number | undefined
  let audio_ms = 0
  let speaking = false
  return {
    onEvent(event: VADEvent): void {
      if (event.type === VADEventType.START_OF_SPEECH) speaking = true
      if (event.type !== VADEventType.END_OF_SPEECH) return
      speaking = false
      stopped = report.clock() - silenceBefore(event)
    },
    onTranscript: (): void => void (transcribed = report.clock()),
    onAudio: (ms: number): void => void (audio_ms += ms),
    speaking: () => speaking,
    pending: () => audio_ms > 0 || speaking,
    timesOf(turn: Turn): void {
      if (stopped !== undefined) turn.mark('t0', stopped)
      if (transcribed !== undefined) turn.mark('t1', transcribed)
      turn.used({ stt_audio_ms: Math.round(audio_ms) })
      stopped = transcribed = undefined
      audio_ms = 0
    },
  }
}

function createPatience(onOver: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    start(within_ms: number): void {
      clearTimeout(timer)
      timer = setTimeout(onOver, within_ms)
    },
    stop: (): void => clearTimeout(timer),
  }
}
