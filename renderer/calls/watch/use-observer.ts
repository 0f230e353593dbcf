import { useEffect, useState } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { v7 } from 'uuid'
import { SessionId } from '../../../core/contract/index.ts'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import type { StudioError } from '../../../core/contract/studio-error.ts'
import { emptySessionView, type SessionView } from '../../../core/session/session-view.ts'
import { toStudioError } from '../../client/use-operation.ts'
import type { RoomCall } from '../room/room-call.ts'
import { applyStreamMessage } from '../session/session-feed.ts'

export type Observer = Readonly<{
  room: RoomCall | undefined
  /** What the room tells of its session. */
  view: StoreApi<SessionView>
  error: StudioError | undefined
}>

/** Joins a room hidden while `join` is given, without a microphone; nobody there notices. */
export function useObserver(join: (() => Promise<RoomJoin>) | undefined): Observer {
  const [view] = useState(() => createStore<SessionView>(() => emptySessionView(SessionId.parse(v7()))))
  const [room, setRoom] = useState<RoomCall>()
  const [error, setError] = useState<StudioError>()
  useEffect(() => {
    if (!join) return
    let opened: RoomCall | undefined
    let current = true
    const open = async () => {
      const [{ openRoomCall }, first] = await Promise.all([import('../room/open-room-call.ts'), join()])
      if (!current) return
      opened = openRoomCall({
        as: 'observer',
        origin: window.location.origin,
        join: first,
        rejoin: join,
        voice: true,
        late: true,
        onProblem: () => undefined, // it has no microphone that could fail
        onTold: (messages) => view.setState((before) => messages.reduce(applyStreamMessage, before), true),
      })
      setRoom(opened)
    }
    setError(undefined)
    open().catch((cause: unknown) => current && setError(toStudioError(cause)))
    return () => {
      current = false
      opened?.close()
      setRoom(undefined)
    }
  }, [join, view])
  return { room, view, error }
}
