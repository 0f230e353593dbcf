import type { Room } from '@livekit/rtc-node'

export type TextWriter = Readonly<{ write: (text: string) => Promise<void>; close: () => Promise<void> }>
export type TextOptions = Readonly<{
  topic: string
  attributes?: Record<string, string>
  /** Absent: everybody. */
  to?: string
  /** In whose name; absent: the agent's. */
  as?: string
}>

/** What goes out to the room. Everything rejects while the room is not there. */
export type RoomOut = Readonly<{
  isUp: () => boolean
  openText: (options: TextOptions) => Promise<TextWriter>
  setAttributes: (attributes: Record<string, string>) => Promise<void>
  publish: (topic: string, text: string) => Promise<void>
  rpc: (to: string, method: string, payload: string, timeout_ms: number) => Promise<string>
}>

/** `current`: the room while it is joined and connected. */
export function createRoomOut(current: () => Room | undefined): RoomOut {
  const agent = () => {
    const participant = current()?.localParticipant
    if (!participant) throw new Error('the agent is not in the room')
    return participant
  }
  return {
    isUp: () => current() !== undefined,
    openText: async ({ topic, attributes = {}, to, as }) =>
      agent().streamText({
        topic,
        attributes,
        ...(to !== undefined && { destinationIdentities: [to] }),
        ...(as !== undefined && { senderIdentity: as }),
      }),
    setAttributes: async (attributes) => agent().setAttributes(attributes),
    publish: async (topic, text) => agent().publishData(new TextEncoder().encode(text), { reliable: true, topic }),
    rpc: async (to, method, payload, timeout_ms) =>
      agent().performRpc({ destinationIdentity: to, method, payload, responseTimeout: timeout_ms }),
  }
}
