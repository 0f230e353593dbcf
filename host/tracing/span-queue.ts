import type { Logger } from 'pino'
import type { TraceSpan } from '../../core/tracing/trace-span.ts'
import type { SpanWriter } from './otlp-body.ts'
import type { SpanTarget } from './span-target.ts'

/** How one target does, for people and for metrics. */
export type TargetState = Readonly<{
  target: string
  state: 'ok' | 'down'
  /** Since when, ms. */
  since: number
  reason?: string
  waiting: number
  sent: number
  /** For want of room or of time. */
  dropped: number
  /** Refused for good by the target. */
  failed: number
}>

/** What became of spans. */
export type SpanOutcome = 'sent' | 'dropped' | 'failed'

export type SpanQueue = Readonly<{
  /** Takes a moment at most, whatever the target does; what does not fit is dropped and counted. */
  add: (spans: readonly TraceSpan[]) => void
  state: () => TargetState
  /** Nobody has sent anything for so long, and nothing waits that the target would take. */
  isIdle: (for_ms: number) => boolean
  /** Sends what waits, for as long as `grace_ms`. */
  close: (grace_ms: number) => Promise<void>
}>

export type QueueDeps = Readonly<{
  target: SpanTarget
  /** Made with the first span. */
  writer: () => Promise<SpanWriter>
  /** Only this machine may be asked: nothing is sent. */
  offline: () => boolean
  log: Logger
  clock: () => number
  count: (outcome: SpanOutcome, spans: number) => void
  /** Absent: as in production. */
  pace?: Partial<Pace> | undefined
}>

type Pace = Readonly<{ batch: number; waiting: number; every_ms: number; retry_ms: number; retry_most_ms: number }>
const PACE: Pace = { batch: 128, waiting: 4096, every_ms: 1000, retry_ms: 1000, retry_most_ms: 30_000 }

/** Worth asking again later; any other refusal will be the same then. */
const AGAIN: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])

/** Spans on their way to one target: in batches, one at a time, tried again while it is away, and never more than fit. */
export function createSpanQueue({ target, writer, offline, log, clock, count, pace }: QueueDeps): SpanQueue {
  const { batch, waiting: most, every_ms, retry_ms, retry_most_ms } = { ...PACE, ...pace }
  let waiting: TraceSpan[] = []
  const counted = { sent: 0, dropped: 0, failed: 0 }
  let used = clock()
  let state: Pick<TargetState, 'state' | 'since' | 'reason'> = { state: 'ok', since: clock() }
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> | undefined
  let isClosed = false
  const ending = new AbortController()

  function tell(outcome: SpanOutcome, spans: number): void {
    counted[outcome] += spans
    if (spans > 0) count(outcome, spans)
  }

  function schedule(after_ms: number): void {
    if (timer || sending || waiting.length === 0) return
    timer = setTimeout(flush, after_ms).unref()
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    sending ??= sendOne().finally(() => {
      sending = undefined
      if (failures > 0) schedule(Math.min(retry_most_ms, retry_ms * 2 ** Math.min(failures - 1, 10)))
      else if (waiting.length >= batch) flush()
      else schedule(every_ms)
    })
  }

  async function sendOne(): Promise<void> {
    const spans = waiting.slice(0, batch)
    if (spans.length === 0) return
    const is_offline = offline()
    const outcome = is_offline ? 'Greenroom is offline' : await attempt(spans)
    if (outcome === 'later') return
    waiting = waiting.slice(spans.length)
    failures = 0
    if (outcome === undefined) {
      tell('sent', spans.length)
      become('ok')
    } else {
      tell(is_offline ? 'dropped' : 'failed', spans.length)
      become('down', outcome)
    }
  }

  /** Undefined: taken; `later`: still waiting; else why it was refused. */
  async function attempt(spans: readonly TraceSpan[]): Promise<string | undefined> {
    try {
      const write = await writer()
      const { status, body } = await target.fetch(target.url, {
        method: 'POST',
        headers: {
          'content-type': target.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
          ...target.headers,
        },
        body: write(spans, target.encoding),
        signal: AbortSignal.any([AbortSignal.timeout(target.timeout_ms), ending.signal]),
      })
      if (status >= 200 && status < 300) return undefined
      const said = `it answered ${status}`
      if (!AGAIN.has(status)) return refusal(said, body, status)
      return later(said)
    } catch (cause) {
      return later(
        cause instanceof Error ? (cause.name === 'TimeoutError' ? 'it did not answer in time' : codeOf(cause)) : 'it failed',
      )
    }
  }

  function later(reason: string): 'later' {
    failures += 1
    become('down', reason)
    return 'later'
  }

  function become(next: TargetState['state'], reason?: string): void {
    if (state.state === next && state.reason === reason) return
    const isNews = state.state !== next
    state = { state: next, since: isNews ? clock() : state.since, ...(reason !== undefined && { reason }) }
    if (!isNews) return
    const words = next === 'ok' ? 'traces are taken again' : 'traces are not taken; what does not fit is dropped'
    log[next === 'ok' ? 'info' : 'warn']({ target: target.label, ...(reason !== undefined && { reason }), ...counted }, words)
  }

  return {
    add(spans) {
      used = clock()
      const fits = isClosed ? 0 : Math.max(0, most - waiting.length)
      waiting.push(...spans.slice(0, fits))
      tell('dropped', Math.max(0, spans.length - fits))
      if (waiting.length >= batch && failures === 0) flush()
      else schedule(every_ms)
    },
    state: () => ({ target: target.label, ...state, waiting: waiting.length, ...counted }),
    isIdle: (for_ms) =>
      clock() - used > for_ms && (waiting.length === 0 || (state.state === 'down' && clock() - state.since > for_ms)),
    async close(grace_ms) {
      isClosed = true
      const late = setTimeout(() => ending.abort(), grace_ms)
      while (waiting.length > 0 && !ending.signal.aborted) {
        const before = waiting.length
        flush()
        await sending
        if (waiting.length === before) break
      }
      clearTimeout(late)
      clearTimeout(timer)
      if (waiting.length > 0) log.warn({ target: target.label, lost: waiting.length }, 'traces were not sent before the end')
      tell('dropped', waiting.length)
      waiting = []
    },
  }
}

/** What a collector says of spans is about their format; a page of HTML says nothing. */
const refusal = (said: string, body: Buffer, status: number): string => {
  const hint = status === 401 || status === 403 ? ' (look at its keys)' : status === 404 ? ' (look at its address)' : ''
  const text = body.subarray(0, 200).toString('utf8')
  return /^[\x20-\x7e]{1,200}$/.test(text) && !text.startsWith('<') && hint === '' ? `${said}: ${text}` : `${said}${hint}`
}

const codeOf = (cause: Error): string => {
  const inner = cause.cause instanceof Error ? cause.cause : cause
  return 'code' in inner && typeof inner.code === 'string' ? `it cannot be reached (${inner.code})` : 'it cannot be reached'
}
