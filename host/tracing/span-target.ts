import type { GuardedFetch } from '../fetching/guarded-fetch.ts'

/** A place that takes spans by OTLP over HTTP. */
export type SpanTarget = Readonly<{
  /** For people: without keys. */
  label: string
  /** Of `…/v1/traces`. */
  url: string
  /** May hold keys: never logged, never shown. */
  headers: Readonly<Record<string, string>>
  encoding: 'protobuf' | 'json'
  timeout_ms: number
  fetch: GuardedFetch
}>

/** Targets that are the same share a queue. */
export const targetKey = ({ url, headers, encoding }: SpanTarget): string => JSON.stringify([url, headers, encoding])

/** The address as it may be shown: without what stands behind a question mark. */
export const labelOf = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

export const TIMEOUT_MS = 10_000
export const LANGFUSE_CLOUD = 'https://cloud.langfuse.com'

/** Langfuse takes OTLP at this path of its own. */
export const langfusePlace = (base_url: string, public_key: string, secret_key: string): Pick<SpanTarget, 'url' | 'headers'> => ({
  url: `${base_url.replace(/\/+$/, '')}/api/public/otel/v1/traces`,
  headers: {
    authorization: `Basic ${Buffer.from(`${public_key}:${secret_key}`).toString('base64')}`,
    'x-langfuse-ingestion-version': '4',
  },
})
