import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

export type AttributeValue = string | number | boolean | string[] | number[]
export type Attributes = Readonly<Record<string, AttributeValue>>
export type SpanEvent = Readonly<{ name: string; at: number; attributes: Attributes }>

/** A span as OpenTelemetry means it, before any library has a say. Times in ms since the epoch, with fractions. */
export type TraceSpan = Readonly<{
  trace_id: string
  span_id: string
  parent_id?: string
  name: string
  kind: 'internal' | 'client'
  start: number
  end: number
  attributes: Attributes
  events: readonly SpanEvent[]
  /** Of one that failed: why, in a word. */
  error?: string
}>

/**
 * Ids follow from the session: whoever goes on with it after a crash, on whichever host, adds to the same trace, and the span of the session
 * is the parent of turns that were exported long before it ends.
 */
export const traceIdOf = (session_id: string): string => hexOf(`trace\0${session_id}`, 16)
export const spanIdOf = (session_id: string, turn_id = ''): string => hexOf(`span\0${session_id}\0${turn_id}`, 8)
/** Of the parts of a span, in their order: a number further each. */
export const partIdOf = (span_id: string, index: number): string =>
  BigInt.asUintN(64, BigInt(`0x${span_id}`) + BigInt(index) + 1n)
    .toString(16)
    .padStart(16, '0')

const hexOf = (text: string, bytes: number): string => bytesToHex(sha256(utf8ToBytes(text)).subarray(0, bytes))
