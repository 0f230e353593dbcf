import { SignJWT } from 'jose'
import { AccessToken, TrackSource, type VideoGrant } from 'livekit-server-sdk'
import type { LiveConnection } from './live-connection.ts'

/*
 * Threat model: a token is the right to be in a room of somebody else's server. Each one is for one room and one identity, is valid for
 * minutes (a server renews it for whoever is in), and has the grants of its purpose and no more. One alone carries a room configuration, for
 * callers who come by themselves; its dispatch holds what it must and no more, because an older server refuses fields that it does not
 * know. Its holder can read it, so that nothing secret stands in it.
 */

type Keys = Pick<LiveConnection, 'api_key' | 'api_secret'>

/** Who joins, and where. */
export type Joining = Readonly<{
  room_name: string
  identity: string
  name?: string | undefined
  metadata?: string | undefined
  attributes?: Readonly<Record<string, string>> | undefined
}>

const MINUTE = 60

/** Speaks and hears, and talks to the agent by data: the caller, or a guest of the call. */
export const callerToken = (keys: Keys, who: Joining, minutes = 10): Promise<string> =>
  sign(keys, who, minutes, {
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canSubscribe: true,
    canPublishData: true,
    canUpdateOwnMetadata: false,
  })

/** Sees and hears everything, is seen by nobody, and can change nothing. */
export const observerToken = (keys: Keys, who: Joining): Promise<string> =>
  sign(keys, who, 10, {
    hidden: true,
    canPublish: false,
    canSubscribe: true,
    canPublishData: false,
    canUpdateOwnMetadata: false,
  })

/** As the server itself makes them for jobs: its state is an attribute of its own. */
export const agentToken = (keys: Keys, who: Joining): Promise<string> =>
  sign(keys, who, 5, { canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: true }, 'agent')

/** Whom the server sends for as the room begins. */
export type TokenDispatch = Readonly<{ dispatch_name: string; metadata: string }>

/** As `callerToken`, and the room that its holder makes by joining gets an agent. */
export const dispatchingToken = (keys: Keys, who: Joining, dispatch: TokenDispatch, minutes: number): Promise<string> =>
  new SignJWT({
    ...(who.name !== undefined && { name: who.name }),
    ...(who.metadata !== undefined && { metadata: who.metadata }),
    video: {
      roomJoin: true,
      room: who.room_name,
      canPublish: true,
      canPublishSources: ['microphone'],
      canSubscribe: true,
      canPublishData: true,
      canUpdateOwnMetadata: false,
    },
    roomConfig: { agents: [{ agentName: dispatch.dispatch_name, metadata: dispatch.metadata }] },
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(keys.api_key)
    .setSubject(who.identity)
    .setNotBefore(new Date())
    .setExpirationTime(`${minutes}m`)
    .sign(new TextEncoder().encode(keys.api_secret))

async function sign(keys: Keys, who: Joining, minutes: number, grants: VideoGrant, kind?: 'agent'): Promise<string> {
  const { room_name, identity, name, metadata, attributes } = who
  const token = new AccessToken(keys.api_key, keys.api_secret, { identity, ttl: minutes * MINUTE })
  if (name !== undefined) token.name = name
  if (metadata !== undefined) token.metadata = metadata
  if (attributes !== undefined) token.attributes = { ...attributes }
  if (kind) token.kind = kind
  token.addGrant({ roomJoin: true, room: room_name, ...grants })
  return token.toJwt()
}
