import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { TenantId } from '../../core/contract/ids.ts'
import { spanIdOf, traceIdOf, type TraceSpan } from '../../core/tracing/trace-span.ts'
import { createOpenFetch } from '../fetching/open-fetch.ts'
import { createSpanQueues } from './span-queues.ts'
import { labelOf, type SpanTarget } from './span-target.ts'
import { startOtlpReceiver } from './testing/otlp-receiver.ts'

const [acme, rival, own] = ['acme', 'rival', 'default'].map((id) => TenantId.parse(id)) as [TenantId, TenantId, TenantId]
const MINUTE = 60_000

test('what a tenant names has a queue while it is used; spans are counted by what became of them', async () => {
  const collector = await startOtlpReceiver()
  onTestFinished(collector.close)
  let now = 0
  let heard: () => void = () => undefined
  const counted = { sent: 0, dropped: 0, failed: 0 }
  const queues = createSpanQueues({
    ...{ offline: () => false, log: pino({ level: 'silent' }), clock: () => now, version: '1', host_id: 'h', environment: {} },
    count(outcome, spans) {
      counted[outcome] += spans
      heard()
    },
    pace: { every_ms: 1, batch: 2, waiting: 3, retry_ms: 1, retry_most_ms: 1 },
  })
  onTestFinished(queues.close)
  const target = (name: string): SpanTarget => {
    const url = `${collector.url}/${name}/v1/traces`
    return { label: labelOf(url), url, headers: {}, encoding: 'protobuf', timeout_ms: 5000, fetch: createOpenFetch(1000) }
  }
  const span = (name: string): TraceSpan => ({
    ...{
      trace_id: traceIdOf(name),
      span_id: spanIdOf(name),
      name,
      kind: 'internal',
      start: 1,
      end: 2,
      attributes: {},
      events: [],
    },
  })
  const until = async (fits: () => boolean) => {
    while (!fits()) await new Promise<void>((resolve) => (heard = resolve))
  }
  const places = (of: TenantId) => queues.states(of, of === own).map(({ target: at, ...state }) => [at.split('/')[3], state])

  queues.to(target('env')).add([span('a')])
  queues.to(target('one'), acme).add([span('b')])
  queues.to(target('one'), acme).add([span('c'), span('d'), span('e')])
  queues.to(target('one'), rival).add([span('f')])
  await until(() => counted.sent + counted.dropped === 6)
  // Three wait at most.
  expect(counted).toEqual({ sent: 5, dropped: 1, failed: 0 })
  expect(places(acme)).toMatchObject([['one', { state: 'ok', sent: 3, dropped: 1, failed: 0 }]])
  expect(places(own).map(([name]) => name)).toEqual(['env'])

  collector.answer(400)
  now = 9 * MINUTE
  queues.to(target('two'), acme).add([span('g'), span('h')])
  await until(() => counted.failed === 2)
  now = 11 * MINUTE
  expect(places(acme)).toMatchObject([['two', { state: 'down', failed: 2, waiting: 0 }]])
  expect(places(rival)).toEqual([])
  expect(places(own).map(([name]) => name)).toEqual(['env'])

  // One that is away keeps what waits for a while, and not for ever.
  collector.answer(503)
  queues.to(target('two'), acme).add([span('i')])
  now = 20 * MINUTE
  expect(places(acme)).toMatchObject([['two', { waiting: 1 }]])
  now = 22 * MINUTE
  expect(places(acme)).toEqual([])
  await until(() => counted.dropped === 2)
})
