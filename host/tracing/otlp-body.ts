import type { TraceSpan } from '../../core/tracing/trace-span.ts'
import type { SpanTarget } from './span-target.ts'

/** Spans as the bytes of an OTLP request. */
export type SpanWriter = (spans: readonly TraceSpan[], encoding: SpanTarget['encoding']) => Uint8Array<ArrayBuffer>

export type ResourceFacts = Readonly<{
  version: string
  host_id: string
  environment: Readonly<Record<string, string | undefined>>
}>

const SAMPLED = 1

/** The library comes with the first span: a host that traces nothing does not wait for it. */
export async function createSpanWriter({ version, host_id, environment }: ResourceFacts): Promise<SpanWriter> {
  const [{ SpanKind, SpanStatusCode }, { JsonTraceSerializer, ProtobufTraceSerializer }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/otlp-transformer'),
      import('@opentelemetry/resources'),
    ])
  const resource = resourceFromAttributes({
    ...resourceAttributes(environment['OTEL_RESOURCE_ATTRIBUTES'] ?? ''),
    'service.name': environment['OTEL_SERVICE_NAME'] || 'greenroom',
    'service.version': version,
    'service.instance.id': host_id,
  })
  const instrumentationScope = { name: 'greenroom', version }

  const readable = (span: TraceSpan) => {
    const { trace_id: traceId, span_id: spanId, parent_id, name, kind, start, end, attributes, events, error } = span
    const context = { traceId, spanId, traceFlags: SAMPLED }
    return {
      ...{ name, resource, instrumentationScope, attributes: { ...attributes }, links: [], ended: true },
      kind: kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => context,
      ...(parent_id !== undefined && { parentSpanContext: { traceId, spanId: parent_id, traceFlags: SAMPLED } }),
      startTime: hrTime(start),
      endTime: hrTime(end),
      duration: hrTime(Math.max(0, end - start)),
      status: error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
      events: events.map((event) => ({ name: event.name, time: hrTime(event.at), attributes: { ...event.attributes } })),
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    }
  }
  return (spans, encoding) => {
    const serializer = encoding === 'json' ? JsonTraceSerializer : ProtobufTraceSerializer
    return new Uint8Array(serializer.serializeRequest(spans.map(readable)) ?? [])
  }
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): [number, number] {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}

/** `name=value,name=value`. */
const resourceAttributes = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=')
      return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]] : []
    }),
  )
