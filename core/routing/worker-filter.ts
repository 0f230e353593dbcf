import { isDeeperThan, isJsonObject, MOST_LEVELS, parseJson } from '../json.ts'
import { awaitsParticipant } from './decide-route.ts'
import type { RouteDecision } from './decision.ts'

/** Which agents a worker takes; nothing set: all of them. */
export type WorkerFilter = Readonly<{
  /** Parts of ids, in lower case. */
  id_parts: readonly string[]
  /** Agent types, in lower case. */
  types: readonly string[]
}>

type Served = Readonly<{ agent_id: string; agent_type: string }>

/** Of the environment: `AGENT_FILTER=support,sales`, `AGENT_TYPE=interview`. */
export const readWorkerFilter = (env: Readonly<Record<string, string | undefined>>): WorkerFilter => ({
  id_parts: listOf(env['AGENT_FILTER']),
  types: listOf(env['AGENT_TYPE']),
})

const listOf = (text = ''): readonly string[] =>
  text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')

/** The id contains one of the filter's parts, or the type equals one of its types. */
export function servesAgent({ id_parts, types }: WorkerFilter, { agent_id, agent_type }: Served): boolean {
  if (id_parts.length === 0 && types.length === 0) return true
  const id = agent_id.toLowerCase()
  return id_parts.some((part) => id.includes(part)) || types.includes(agent_type.toLowerCase())
}

/** What a worker does with a job, by what is decided so far. */
export type JobStep =
  | Readonly<{ do: 'serve'; agent_id: string }>
  /** It depends on who joins: take the job, and decide again in the room. */
  | Readonly<{ do: 'accept' }>
  /** Not taken, so that the server asks another worker. */
  | Readonly<{ do: 'decline'; reason: string }>
  /** Found out too late to decline: dispatched once more with this metadata, and this job ends. */
  | Readonly<{ do: 'dispatch_again'; agent_id: string; metadata: string; reason: string }>
  | Readonly<{ do: 'end'; reason: string }>

export type JobSituation = Readonly<{
  filter: WorkerFilter
  /** The one that was decided for. */
  agent?: Served | undefined
  /** The job was taken already. */
  joined: boolean
  job_metadata: string
}>

/** Key of the job's metadata that keeps two workers from sending a call to and fro. */
const AGAIN = 'dispatched_again'

export function jobStep(decision: RouteDecision, { filter, agent, joined, job_metadata }: JobSituation): JobStep {
  if (awaitsParticipant(decision)) return joined ? { do: 'end', reason: decision.reason } : { do: 'accept' }
  if (decision.agent_id === undefined || !agent) return { do: 'end', reason: decision.reason }
  if (servesAgent(filter, agent)) return { do: 'serve', agent_id: agent.agent_id }
  const reason = `This worker does not take "${agent.agent_id}" (AGENT_FILTER, AGENT_TYPE).`
  if (!joined) return { do: 'decline', reason }
  const metadata = readMetadata(job_metadata)
  if (metadata[AGAIN] === true)
    return { do: 'end', reason: `${reason} It was dispatched again once already, and no worker took it.` }
  const again = JSON.stringify({ ...metadata, agent_id: agent.agent_id, [AGAIN]: true })
  return { do: 'dispatch_again', agent_id: agent.agent_id, metadata: again, reason }
}

function readMetadata(text: string) {
  const metadata = parseJson(text)
  return isJsonObject(metadata) && !isDeeperThan(metadata, MOST_LEVELS) ? metadata : {}
}
