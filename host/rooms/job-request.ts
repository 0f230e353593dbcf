import type { JobOffer } from '../../core/contract/worker.ts'
import type { RouteSource } from '../../core/routing/decision.ts'
import { SIGNED_SOURCES } from '../../core/routing/decide-route.ts'
import { RouteRequest } from '../../core/routing/route-request.ts'
import type { ServedParticipant } from '../livekit/server-api.ts'
import { withoutClaim } from './job-tenant.ts'

type Asked = Pick<JobOffer, 'dispatch_name' | 'metadata' | 'room_name' | 'room_metadata'>

/**
 * What a job says of who calls; `person`: who is there, null when nobody came although it was waited for. `common_name`: the dispatch name
 * that says nothing.
 */
export function requestOf(
  { dispatch_name, metadata, room_name, room_metadata }: Asked,
  common_name: string,
  person?: ServedParticipant | null,
) {
  const participant =
    person === undefined
      ? {}
      : {
          participant: {
            identity: person?.identity ?? '',
            metadata: person?.metadata ?? '',
            attributes: person?.attributes ?? {},
          },
        }
  return RouteRequest.parse({
    dispatch_name: dispatch_name === common_name ? '' : dispatch_name,
    job_metadata: withoutClaim(metadata),
    room_name,
    room_metadata,
    ...participant,
  })
}

/** What whoever calls cannot have written: also what stands in a token that forbids to change it. */
export const trustedSources = (person?: ServedParticipant | null): readonly RouteSource[] =>
  person?.signed ? [...SIGNED_SOURCES, 'participant_metadata', 'participant_attributes'] : SIGNED_SOURCES

/** People; agents and observers whom nobody sees do not call. */
export const isPerson = ({ kind, hidden }: ServedParticipant): boolean => (kind === 'standard' || kind === 'sip') && !hidden
