import type { RoomJoin } from '../../../core/contract/room-join.ts'
import type { SessionSummary } from '../../../core/contract/index.ts'
import { parseAgent } from '../../../core/agent/parse-agent.ts'
import type { StudioClient } from '../../client/studio-client.ts'
import { offeredTools } from '../room/offered-tools.ts'
import type { RoomCall, RoomCallOptions } from '../room/room-call.ts'
import type { SessionFeed } from './session-feed.ts'

/** Its code (LiveKit's client) comes with the first room call of a window. */
export type OpenRoom = (options: RoomCallOptions) => Promise<RoomCall>

type Options = Readonly<{
  studio: StudioClient
  openRoom: OpenRoom
  origin: string
  session: SessionSummary
  feed: SessionFeed
  join: RoomJoin
  late: boolean
  onProblem: RoomCallOptions['onProblem']
}>

/** This window as the caller of a room call of the studio. */
export async function joinRoom({ studio, openRoom, origin, session, feed, join, late, onProblem }: Options): Promise<RoomCall> {
  const { session_id, modality } = session
  const room = await openRoom({
    as: 'caller',
    origin,
    join,
    rejoin: () => studio.call('room.join', { session_id, as: 'caller' }),
    voice: modality === 'voice',
    agent_identity: `agent-${session_id}`,
    late,
    onProblem,
  })
  offerClientTools(studio, feed, room)
  return room
}

/** The window answers for the app that would be there: the client tools of whichever agent and revision answers. */
function offerClientTools(studio: StudioClient, feed: SessionFeed, room: RoomCall): void {
  let offered = ''
  const offer = () => {
    const { agent_id, revision } = feed.store.getState()
    const key = `${agent_id ?? ''} ${revision ?? 0}`
    if (agent_id === undefined || revision === undefined || key === offered) return
    offered = key
    studio.call('agent.revision', { agent_id, revision }).then(
      ({ content }) => {
        const parsed = parseAgent(content)
        if (parsed.ok && key === offered) room.offer(offeredTools(parsed.document))
      },
      () => {
        offered = '' // asked again with the next event
      },
    )
  }
  offer()
  feed.store.subscribe(offer)
}
