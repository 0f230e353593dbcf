import { setTimeout as sleep } from 'node:timers/promises'
import type { AgentSessionOptions, voice } from '@livekit/agents'
import type { ErrorBody } from '../../core/contract/errors.ts'
import type { CallerAudio } from '../providers/caller-audio.ts'
import { providerFailure } from '../providers/provider-failure.ts'
import { CallerEar } from './caller-ear.ts'
import type { ConfigCell } from './config-cell.ts'
import { detectionMode, type EndOfTurn } from './end-of-turn.ts'
import { createHearing } from './hearing.ts'
import { SPEECH_SAMPLE_RATE } from './rate-converter.ts'
import type { Report } from './report.ts'
import { StandInTTS } from './stand-ins.ts'
import { createSynchronizer, createTranscriptSink } from './transcript-sink.ts'
import { endpointingOf, interruptionOf } from './turn-handling.ts'
import type { Turn } from './turn.ts'
import type { TurnDesk } from './turn-desk.ts'
import { UtteranceStt } from './utterance-stt.ts'
import { Utterances, type Heard } from './utterances.ts'
import type { LineListener, VoiceLine } from './voice-line.ts'

/** How long somebody who types waits for the voice in the microphone to end: a television never does. */
const CALLER_MS = 4000
/** … and for the words of it. */
const TRANSCRIPT_MS = 5000

export type CallVoice = Readonly<{
  options: AgentSessionOptions
  /** Joins the line to the session; before it starts. */
  connect: (session: voice.AgentSession) => void
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
  /** Lets go of the line. */
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
  openLine: (listener: LineListener) => VoiceLine
}>

/** Everything that a voice call has and a text call has not: a line for sound, voice detection and STT. */
export async function openVoice({
  cell,
  desk,
  report,
  endOfTurn,
  callerAudio,
  isTyping,
  onNotHeard,
  openLine,
}: VoiceParts): Promise<CallVoice> {
  const settings = () => cell.current().document.turn_config
  const hearing = createHearing()
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
  const line = openLine({
    onSegment() {
      const turn = desk.speaking()
      return (at, uncertainty_ms) => turn?.mark('t6', at, uncertainty_ms)
    },
    onMuted(muted) {
      if (!muted || settings().turn_detection !== 'manual' || !(hearing.any() || utterances.pending)) return
      // The library waits half a second for the words, which is not always enough.
      void utterances.known().then(() => session?.commitUserTurn())
    },
    onHeld: (held) => (held ? synchronizer.audioOutput.pause() : synchronizer.audioOutput.resume()),
  })
  const synchronizer = await createSynchronizer(
    line.speaker,
    createTranscriptSink((text) => desk.speaking()?.speechDelta(text)),
  )

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
      session.input.audio = line.microphone
      session.output.audio = synchronizer.audioOutput
      session.output.transcription = synchronizer.textOutput
    },
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
    hangUp: line.hangUp,
    async close() {
      utterances.close()
      await line.close()
      await synchronizer.close()
    },
  }
}

/** Resolves when the signal is aborted. */
const once = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
