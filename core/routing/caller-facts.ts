/**
 * Reads what a call brings. All of it may come from anybody: it is text of any size and form, so nothing here throws, nothing is followed
 * deeper than documents are, and what the caller can write itself is marked, for it may neither name an agent nor change one.
 */
import { isDeeperThan, isJsonObject, MOST_LEVELS, parseJson, type Json, type JsonObject } from '../json.ts'
import type { RouteSource } from './decision.ts'
import type { RouteRequest } from './route-request.ts'

/** What one source says. */
export type SourceFacts = Readonly<{
  source: RouteSource
  /** The caller cannot write it. */
  trusted: boolean
  /** The whole of it, by key. */
  values: JsonObject
  /** `user_details` in it. */
  details: JsonObject
  /** An id or name of an agent. */
  agent?: string
  purpose?: string
  user_id?: string
  tenant_id?: string
  /** There is text that is no JSON object, so that it says nothing. */
  unreadable?: true
}>

const AGENT_KEYS = ['agent_id', 'agentName', 'agent_name'] as const

/** In the order in which every rule looks. `trusted`: sources that the caller cannot write; a private dispatch name says nothing. */
export function callerFacts(
  request: RouteRequest,
  { trusted, private_name }: Readonly<{ trusted: readonly RouteSource[]; private_name?: string | undefined }>,
): readonly SourceFacts[] {
  const { dispatch_name, job_metadata, room_metadata, participant } = request
  const isTrusted = (source: RouteSource) => trusted.includes(source)
  const name = dispatch_name.trim()
  const dispatched = name !== '' && name !== private_name
  return [
    {
      source: 'dispatch_name',
      trusted: true,
      values: {},
      details: {},
      ...(dispatched && { agent: name, purpose: name }),
    },
    ofText('job_metadata', job_metadata, isTrusted('job_metadata')),
    ofText('room_metadata', room_metadata, isTrusted('room_metadata')),
    ...(participant
      ? [
          ofText('participant_metadata', participant.metadata, isTrusted('participant_metadata')),
          ofValues('participant_attributes', participant.attributes, isTrusted('participant_attributes')),
        ]
      : []),
  ]
}

function ofText(source: RouteSource, text: string, trusted: boolean): SourceFacts {
  const value = text.trim() === '' ? {} : parseJson(text)
  if (isJsonObject(value) && !isDeeperThan(value, MOST_LEVELS)) return ofValues(source, value, trusted)
  return { source, trusted, values: {}, details: {}, unreadable: true }
}

function ofValues(source: RouteSource, values: JsonObject, trusted: boolean): SourceFacts {
  const details = own(values, 'user_details')
  const agent = AGENT_KEYS.map((key) => textOf(own(values, key))).find((text) => text !== '') ?? ''
  const said = { agent, ...pick(values, 'purpose'), ...pick(values, 'user_id'), ...pick(values, 'tenant_id') }
  return {
    source,
    trusted,
    values,
    details: isJsonObject(details) ? details : {},
    ...Object.fromEntries(Object.entries(said).filter(([, text]) => text !== '')),
  }
}

const pick = (values: JsonObject, key: 'purpose' | 'user_id' | 'tenant_id') => ({ [key]: textOf(own(values, key)) })

/** Only what is there itself: `constructor` is no key of anybody's metadata. */
export const own = (values: JsonObject, key: string): Json | undefined => (Object.hasOwn(values, key) ? values[key] : undefined)

const textOf = (value: Json | undefined): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
