type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay'

/** The way that sound and data really take. */
export type IcePath = Readonly<{
  protocol: 'udp' | 'tcp'
  local: CandidateType
  remote: CandidateType
  /** How the TURN server is reached, when there is one in between. */
  relay?: string
  round_trip_ms?: number
}>

type Stat = Readonly<Record<string, unknown>>
type Report = Readonly<{ forEach: (visit: (stat: unknown, id: string) => void) => void }>

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const isStat = (value: unknown): value is Stat => typeof value === 'object' && value !== null
const TYPES: readonly CandidateType[] = ['host', 'srflx', 'prflx', 'relay']
const typeOf = (candidate: Stat): CandidateType => TYPES.find((type) => type === candidate['candidateType']) ?? 'host'

/** Reads the chosen pair of candidates from what WebRTC reports (`RTCStatsReport`). */
export function icePath(report: Report): IcePath | undefined {
  const stats = new Map<string, Stat>()
  report.forEach((stat, id) => isStat(stat) && stats.set(id, stat))
  const all = [...stats.values()]
  const transport = all.find((stat) => stat['type'] === 'transport' && text(stat['selectedCandidatePairId']) !== '')
  const pair =
    stats.get(text(transport?.['selectedCandidatePairId'])) ??
    all.find((stat) => stat['type'] === 'candidate-pair' && stat['state'] === 'succeeded' && stat['nominated'] === true)
  const local = stats.get(text(pair?.['localCandidateId']))
  const remote = stats.get(text(pair?.['remoteCandidateId']))
  if (!pair || !local || !remote) return undefined
  const relay = text(local['relayProtocol'])
  const round_trip = pair['currentRoundTripTime']
  return {
    protocol: local['protocol'] === 'tcp' ? 'tcp' : 'udp',
    local: typeOf(local),
    remote: typeOf(remote),
    ...(relay === '' ? {} : { relay }),
    ...(typeof round_trip === 'number' ? { round_trip_ms: round_trip * 1000 } : {}),
  }
}

const NAMES: Readonly<Record<CandidateType, string>> = {
  host: 'directly reachable',
  srflx: 'behind a router (address seen by a STUN server)',
  prflx: 'behind a router (address learned on the way)',
  relay: 'through a TURN server',
}

/** `UDP`, `TCP`, `TURN/tls`. */
export const pathWord = ({ protocol, local, remote, relay }: IcePath): string => {
  if (local !== 'relay' && remote !== 'relay') return protocol.toUpperCase()
  return relay === undefined ? 'TURN' : `TURN/${relay}`
}

/** In a sentence, for whoever wants to know. */
export const pathDetails = ({ protocol, local, remote, round_trip_ms }: IcePath): string =>
  [
    `Sound goes by ${protocol.toUpperCase()}.`,
    `This page: ${NAMES[local]} (${local}).`,
    `Server: ${NAMES[remote]} (${remote}).`,
    ...(round_trip_ms === undefined ? [] : [`Round trip ${round_trip_ms < 1 ? '< 1' : Math.round(round_trip_ms)} ms.`]),
  ].join(' ')
