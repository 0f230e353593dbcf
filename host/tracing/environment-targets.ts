import { StudioError } from '../../core/contract/studio-error.ts'
import type { GuardedFetch } from '../fetching/guarded-fetch.ts'
import { labelOf, LANGFUSE_CLOUD, langfusePlace, TIMEOUT_MS, type SpanTarget } from './span-target.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where traces go unless an agent says otherwise: by OpenTelemetry's usual variables, and to Langfuse where its keys are set. The keys stay
 * in the host. Throws `malformed` for a setting that nothing can be made of.
 */
export function environmentTargets(environment: Environment, fetch: GuardedFetch): readonly SpanTarget[] {
  if (environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return []
  return [...otlp(environment, fetch), ...langfuse(environment, fetch)]
}

function otlp(environment: Environment, fetch: GuardedFetch): readonly SpanTarget[] {
  const read = (name: string) => environment[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || environment[`OTEL_EXPORTER_OTLP_${name}`]
  const base = environment['OTEL_EXPORTER_OTLP_ENDPOINT']
  const address = environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || (base && `${base.replace(/\/+$/, '')}/v1/traces`)
  if (!address || environment['OTEL_TRACES_EXPORTER'] === 'none') return []
  const url = readUrl('OTEL_EXPORTER_OTLP_ENDPOINT', address)
  return [
    {
      ...{ label: labelOf(url), url, fetch },
      headers: readHeaders(read('HEADERS') ?? ''),
      encoding: readProtocol(read('PROTOCOL') ?? 'http/protobuf'),
      timeout_ms: readTimeout(read('TIMEOUT')),
    },
  ]
}

function langfuse(environment: Environment, fetch: GuardedFetch): readonly SpanTarget[] {
  const { LANGFUSE_PUBLIC_KEY: public_key, LANGFUSE_SECRET_KEY: secret_key } = environment
  if (!public_key || !secret_key) return []
  const base = environment['LANGFUSE_BASE_URL'] || environment['LANGFUSE_HOST'] || LANGFUSE_CLOUD
  const place = langfusePlace(readUrl('LANGFUSE_BASE_URL', base), public_key, secret_key)
  return [{ ...place, label: labelOf(place.url), encoding: 'protobuf', timeout_ms: TIMEOUT_MS, fetch }]
}

function readUrl(name: string, text: string): string {
  const url = URL.parse(text)
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url.href
  throw wrong(name, 'no address of a server', 'Write it as http://collector:4318, without a name or a password.')
}

function readProtocol(text: string): SpanTarget['encoding'] {
  if (text === 'http/protobuf') return 'protobuf'
  if (text === 'http/json') return 'json'
  throw wrong('OTEL_EXPORTER_OTLP_PROTOCOL', `"${text}", which is not spoken here`, 'Use http/protobuf (port 4318) or http/json.')
}

/** `name=value,name=value`, percent-encoded. */
function readHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at > 0 ? [[pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())]] : []
  })
  return Object.fromEntries(pairs)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function readTimeout(text: string | undefined): number {
  if (text === undefined || text === '') return TIMEOUT_MS
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw wrong('OTEL_EXPORTER_OTLP_TIMEOUT', `"${text}"`, 'Give milliseconds as a whole number, or leave it out for 10000.')
}

/** Values may be keys, and are not repeated. */
const wrong = (name: string, what: string, hint: string): StudioError => new StudioError('malformed', `${name} is ${what}.`, hint)
