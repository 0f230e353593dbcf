/** A host with two room calls, for the test that kills it. Arguments: its data folder, the agent. Says "greeted" for each call. */
import { AgentId, type SessionId } from '../../../core/contract/ids.ts'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import { callerWith, startTestHost } from '../../testing/start-test-host.ts'

export type StartedCall = Readonly<{ session_id: SessionId; room: RoomJoin }>
export type HostWithCalls = Readonly<{ waiting: StartedCall; alone: StartedCall; pids: readonly number[] }>

const [, , data_dir = '', agent = ''] = process.argv
const studio = await startTestHost({ data_dir })
const agent_id = AgentId.parse(agent)
const { connections } = await studio.call('connection.list', {})
const connection_id = connections.find(({ name }) => name === 'Test')?.connection_id

async function start(): Promise<StartedCall> {
  if (!connection_id) throw new Error('there is no connection')
  const { session, room } = await studio.call('session.start', { agent_id, modality: 'text', connection_id })
  if (!room) throw new Error('there is no room')
  const { session_id } = session
  const send = ({ events }: Readonly<{ events: readonly Readonly<{ type: string }>[] }>) => {
    // The commit is broadcast first and on disk a moment later.
    if (events.some(({ type }) => type === 'turn.committed')) setTimeout(() => process.send?.('greeted'), 300)
  }
  await studio.host.subscribeSession(callerWith('viewer'), session_id, { attempt: 0, seq: 0 }, { bufferedBytes: () => 0, send })
  return { session_id, room }
}

const [waiting, alone] = [await start(), await start()]
/** Under its own name, for clients of the server, and in every new room. */
const isServed = async () => {
  const { registrations } = (await studio.call('connection.list', {})).worker
  const ready = registrations.filter(({ state }) => state === 'ready').map(({ dispatch_name }) => dispatch_name)
  return ready.includes(agent) && ready.includes('')
}
while (!(await isServed())) await new Promise((resolve) => setTimeout(resolve, 50))
const { processes } = await studio.call('system.info', {})
process.send?.({ waiting, alone, pids: processes.map(({ pid }) => pid) } satisfies HostWithCalls)
