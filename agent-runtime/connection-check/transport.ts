import type { Room } from '@livekit/rtc-node'

type Stats = Awaited<ReturnType<Room['getRtcStats']>>['publisherStats'][number]['stats']
type Candidate = Extract<Stats, { case: 'localCandidate' }>['value']['candidate']

/** `IceCandidateType.RELAY` of the client, which exports no name for it. */
const RELAY = 3

/** How media went, by the pair of candidates that was chosen; undefined when the client does not say. */
export async function transportOf(room: Room): Promise<'udp' | 'tcp' | 'turn' | undefined> {
  const { publisherStats, subscriberStats } = await room.getRtcStats()
  const all = [...publisherStats, ...subscriberStats].map(({ stats }) => stats)
  const chosen = all.flatMap((one) => (one.case === 'transport' ? [one.value.transport?.selectedCandidatePairId] : []))
  const pair = all
    .flatMap((one) => (one.case === 'candidatePair' ? [one.value] : []))
    .find(({ rtc }) => rtc?.id !== undefined && chosen.includes(rtc.id))
  const local = all
    .flatMap((one) => (one.case === 'localCandidate' ? [one.value] : []))
    .find(({ rtc }) => rtc?.id === pair?.candidatePair?.localCandidateId)
  return kindOf(local?.candidate)
}

function kindOf(candidate: Candidate): 'udp' | 'tcp' | 'turn' | undefined {
  if (!candidate) return undefined
  if (Number(candidate.candidateType) === RELAY) return 'turn'
  return candidate.protocol === 'udp' || candidate.protocol === 'tcp' ? candidate.protocol : undefined
}
