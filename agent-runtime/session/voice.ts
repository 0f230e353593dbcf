import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentSessionOptions, voice } from '@livekit/agents'
import type { ErrorBody } from '../../core/contract/errors.ts'
import type { MediaUp } from '../../core/contract/media.ts'
import type { CallerAudio } from '../providers/caller-audio.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import { CallerEar } from './caller-ear.ts'
import type { ConfigCell } from './config-cell.ts'
import { detectionMode, type EndOfTurn } from './end-of-turn.ts'
import { createHearing } from './hearing.ts'
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
import { Utterances, type Heard } from './utterances.ts'

/** How long the agent waits for the page to come, and to come back after a reload. */
const FIRST_PAGE_MS = 30_000
const PAGE_BACK_MS = 10_000
/** How long somebody who types waits for the voice in the microphone to end: a television never does. */
const CALLER_MS = 4000
/** … and for the words of it. */
const TRANSCRIPT_MS = 5000

export type CallVoice = Readonly<{
  options: AgentSessionOptions
  /** Joins microphone, loudspeaker and page to the session; before it starts. */
  connect: (session: voice.AgentSession) => void
  attach: (headers: Readonly<Record<string, string>>, head: Buffer, socket: Socket) => void
  /** The turn answers what was just heard: it gets the times of that. */
  timesOf: (turn: Turn, heard?: Heard) => void
  /** The session's library makes a turn of these words. False when a typed line has taken them already. */
  claim: (text: string) => boolean
  /** A line typed while the caller speaks is what rehearsal will have heard. True when that is so. */
  typedWhileSpeaking: () => boolean
  /** Lets the caller finish, and takes what was said and stands in no turn yet out of the library's hands. */
  takeHeard: () => Promise<readonly Heard[]>
  /** Resolves when the caller does not speak. */
  silence: () => Promise<void>
  speaking: () => boolean
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
  endOfTurn: EndOfTurn
  callerAudio: CallerAudio
  /** A typed line waits for its turn: what was said goes with it. */
  isTyping: () => boolean
  /** The caller spoke, and no STT could say what. */
  onNotHeard: (error: ErrorBody) => void
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
  endOfTurn,
  callerAudio,
  isTyping,
  onNotHeard,
  onPage,
  onGone,
  onLost,
}: VoiceParts): Promise<CallVoice> {
  const settings = () => cell.current().document.turn_config
  const hearing = createHearing()
  const waiting = createPatience(onLost)
  let session: voice.AgentSession | undefined

  const stt = new UtteranceStt()
  const utterances = new Utterances({
    clock: report.clock,
    transcriber: () => cell.current().transcriber,
    onInterim: (text) => stt.interim(text),
    onHeard(heard) {
      hearing.add(heard)
      if (isTyping()) return
      stt.final(heard.text, report.clock() - heard.ended)
    },
    onFailure: (transcriber, cause) => onNotHeard(providerFailure(transcriber.context, cause)),
    onAudio: hearing.onAudio,
    callerAudio,
  })
  const ear = new CallerEar(settings(), (event) => utterances.hear(event))
  const microphone = new Microphone()
  let pageClock = createPageClock(report.clock)
  const segments = new Map<number, Turn>()
  const link = createMediaLink({
    onAudio: (pcm) => microphone.push(pcm),
    onMessage: (message) => receive(message),
    onOpen() {
      waiting.stop()
      // What was measured with the page before says nothing about this one.
      pageClock = createPageClock(report.clock)
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
        if (message.muted && settings().turn_detection === 'manual' && (hearing.any() || utterances.pending))
          // The library waits half a second for the words, which is not always enough.
          void utterances.known().then(() => session?.commitUserTurn())
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
        turnDetection: endOfTurn.detectionFor(settings),
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
    timesOf: hearing.timesOf,
    claim: hearing.claim,
    typedWhileSpeaking() {
      if (!utterances.speaking || cell.current().document.stt_config.provider !== 'rehearsal') return false
      utterances.disregard()
      return true
    },
    async takeHeard() {
      const patience = AbortSignal.timeout(CALLER_MS)
      const over = once(patience)
      while (utterances.speaking && !patience.aborted) await Promise.race([utterances.silence(), over])
      const late = await Promise.race([utterances.take(), sleep(TRANSCRIPT_MS).then(() => [])])
      // What the library was told a moment ago has to have arrived before it can be cleared.
      await new Promise((resolve) => setImmediate(resolve))
      const earlier = hearing.take()
      // The library would make a turn of them too, and interrupt the answer for it.
      if (earlier.length > 0) session?.clearUserTurn()
      return [...earlier, ...late]
    },
    silence: () => utterances.silence(),
    speaking: () => utterances.speaking,
    changed() {
      ear.change(settings())
      if (!session) return
      Object.assign(session.sessionOptions.turnHandling.interruption, interruptionOf(settings()))
      session.updateOptions({
        turnHandling: { turnDetection: detectionMode(settings()), endpointing: endpointingOf(settings()) },
      })
    },
    hangUp() {
      waiting.stop()
      speaker.abandon()
      link.close()
    },
    async close() {
      utterances.close()
      await microphone.close()
      await synchronizer.close()
    },
  }
}

/** Resolves when the signal is aborted. */
const once = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

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
