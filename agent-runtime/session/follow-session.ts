import { voice } from '@livekit/agents'
import type { LiveKitMetrics } from '../../core/contract/session-events.ts'
import { turnIdOf } from './conversation.ts'
import type { Report } from './report.ts'
import type { TurnDesk } from './turn-desk.ts'
import type { Turn } from './turn.ts'

export type SessionFollower = Readonly<{
  /** Stops the reply, even one that the caller may not interrupt: whoever types or presses stop means it. */
  interrupt: () => Promise<void>
}>

/** Tells the report what the session's library tells: states, what was heard, its own numbers, and when a turn is over. */
export function followSession(
  session: voice.AgentSession,
  { desk, report }: Readonly<{ desk: TurnDesk; report: Report }>,
): SessionFollower {
  const { AgentSessionEventTypes: Type } = voice
  let latest: voice.SpeechHandle | undefined
  let closed = false

  session.on(Type.AgentStateChanged, ({ newState }) => report.journal({ type: 'agent.state', state: newState }))
  session.on(Type.UserStateChanged, ({ newState }) => report.journal({ type: 'user.state', state: newState }))
  session.on(Type.UserInputTranscribed, ({ transcript, isFinal }) => {
    if (!isFinal) report.delta({ type: 'transcript.interim', text: transcript })
  })
  session.on(Type.EotPrediction, ({ probability, threshold, inferenceDurationMs }) =>
    report.journal({ type: 'eot.prediction', probability, threshold, inference_ms: inferenceDurationMs ?? 0 }),
  )
  session.on(Type.ConversationItemAdded, ({ item }) => {
    if (item.type !== 'message') return
    const turn = item.role === 'user' ? desk.byMessage(item.id) : desk.byId(turnIdOf(item) ?? '')
    if (!turn) return
    turn.measured(metricsOf(item.metrics))
    if (item.role === 'assistant') turn.spoke(item.textContent ?? '', item.interrupted)
  })
  session.on(Type.Close, () => (closed = true))
  session.on(Type.SpeechCreated, ({ speechHandle }) => {
    latest = speechHandle
    const turn = desk.awaitingSpeech()
    if (turn) commitAfter(turn, speechHandle)
  })
  return {
    async interrupt() {
      if (closed || !latest) return
      if (!latest.done() && !latest.interrupted) latest.allowInterruptions = true
      await session.interrupt().await
    },
  }
}

/** The handle is done when all of the reply's work is, the message that the history keeps included. */
function commitAfter(turn: Turn, handle: voice.SpeechHandle): void {
  handle.addDoneCallback(({ interrupted }) => turn.commit(interrupted))
  const never = new Promise(() => {})
  void handle.waitIfNotInterrupted([never]).then(() => turn.cutShort())
}

type MessageMetrics = Readonly<
  Partial<
    Record<'transcriptionDelay' | 'endOfTurnDelay' | 'llmNodeTtft' | 'ttsNodeTtfb' | 'playbackLatency' | 'e2eLatency', number>
  >
>

/** LiveKit's seconds in ms, under LiveKit's names. */
function metricsOf(metrics: MessageMetrics): LiveKitMetrics {
  const named = {
    transcription_delay_ms: metrics.transcriptionDelay,
    end_of_turn_delay_ms: metrics.endOfTurnDelay,
    llm_node_ttft_ms: metrics.llmNodeTtft,
    tts_node_ttfb_ms: metrics.ttsNodeTtfb,
    playback_latency_ms: metrics.playbackLatency,
    e2e_latency_ms: metrics.e2eLatency,
  }
  return Object.fromEntries(
    Object.entries(named).flatMap(([name, seconds]) => (seconds === undefined ? [] : [[name, seconds * 1000]])),
  )
}
