import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** What the parts of a host count, for Prometheus; names and units as its conventions say. */
export type Metrics = Readonly<{
  /** `route`: its pattern, so that ids make no series of their own. */
  requested: (request: Readonly<{ method: string; route: string; status: number; seconds: number }>) => void
  sessionEnded: (end_reason: string) => void
  /** A call or its token was refused: the limit or the reason in a word. */
  sessionRefused: (reason: string) => void
  /** End of the caller's speech to the first sound of the answer. */
  turnHeard: (silence_seconds: number) => void
  /** Spans of traces that a place took, that were given up for want of room or time, or that it refused. */
  spansTraced: (outcome: 'sent' | 'dropped' | 'failed', spans: number) => void
  /** Asked when somebody reads: how things stand now. Of several answers the last one stands. */
  watch: (now: MetricsNow) => void
  /** In Prometheus' text format. */
  text: () => Promise<Readonly<{ type: string; body: string }>>
}>

export type MetricsNow = Readonly<{
  /** Calls that this instance holds. */
  sessionsActive?: () => number
  /** Whether the store answers. */
  storeUp?: () => Promise<boolean>
  /** Whether this instance takes calls, and how busy it says it is, 0 to 1. */
  worker?: () => Readonly<{ available: boolean; load: number }>
}>

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const SILENCE_SECONDS = [0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 2.5, 3, 4, 6, 10]

/** A registry of its own, so that two hosts in one process count apart. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'greenroom_http_request_duration_seconds',
    help: 'Requests to the API, from their first byte to the last of the answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  })
  const ended = new Counter({
    name: 'greenroom_sessions_total',
    help: 'Calls that have ended, by why.',
    labelNames: ['end_reason'],
    registers,
  })
  const refused = new Counter({
    name: 'greenroom_session_refused_total',
    help: 'Calls, or tokens for them, that were refused, by why.',
    labelNames: ['reason'],
    registers,
  })
  const silence = new Histogram({
    name: 'greenroom_turn_silence_seconds',
    help: 'Silence that a caller heard before an answer.',
    buckets: SILENCE_SECONDS,
    registers,
  })
  const spans = new Counter({
    name: 'greenroom_trace_spans_total',
    help: 'Spans of traces: sent, dropped (no room, no time), failed (refused by the collector).',
    labelNames: ['outcome'],
    registers,
  })
  for (const outcome of ['sent', 'dropped', 'failed']) spans.inc({ outcome }, 0)
  const watched: MetricsNow[] = []
  const now = (): MetricsNow => watched.reduce((all, one) => ({ ...all, ...one }), {})
  gauge('greenroom_sessions_active', 'Calls that this instance holds.', async () => now().sessionsActive?.())
  gauge('greenroom_store_up', 'Whether the store answers.', async () => {
    const up = await now().storeUp?.()
    return up === undefined ? undefined : Number(up)
  })
  gauge('greenroom_worker_available', 'Whether this instance takes calls.', async () => {
    const worker = now().worker?.()
    return worker && Number(worker.available)
  })
  gauge('greenroom_worker_load', 'How busy this instance says it is, 0 to 1.', async () => now().worker?.().load)
  return {
    requested: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    sessionEnded: (end_reason) => ended.inc({ end_reason }),
    sessionRefused: (reason) => refused.inc({ reason }),
    turnHeard: (seconds) => silence.observe(seconds),
    spansTraced: (outcome, count) => spans.inc({ outcome }, count),
    watch: (more) => void watched.push(more),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  }

  function gauge(name: string, help: string, read: () => Promise<number | undefined>): void {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          const value = await read()
          if (value !== undefined) this.set(value)
        },
      }),
    )
  }
}
