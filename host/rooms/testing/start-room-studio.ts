import { pino } from 'pino'
import { onTestFinished, vi } from 'vitest'
import { AudioFrame, AudioSource, LocalAudioTrack, Room, RoomEvent, TrackPublishOptions, TrackSource } from '@livekit/rtc-node'
import { AccessToken, AgentDispatchClient } from 'livekit-server-sdk'
import type { DocumentJson } from '../../../core/contract/agents.ts'
import { ConnectionId } from '../../../core/contract/connections.ts'
import type { AgentId, SessionId } from '../../../core/contract/ids.ts'
import type { RoomJoin } from '../../../core/contract/room-join.ts'
import type { SessionSummary } from '../../../core/contract/sessions.ts'
import { createLookout } from '../../../core/testing/lookout.ts'
import type { LiveConnection } from '../../livekit/live-connection.ts'
import { createServerApi } from '../../livekit/server-api.ts'
import { startLiveKit, type TestLiveKit } from '../../livekit/testing/livekit-server.ts'
import { callerWith, startTestHost, type TestHost } from '../../testing/start-test-host.ts'
import { watchSession } from '../../testing/watch-session.ts'

export const CONNECTION = ConnectionId.parse('test')

export type RoomStudio = Awaited<ReturnType<typeof startRoomStudio>>

/** `beside`: on the server of another studio. `env`: as it is while this host starts. */
type Wanted = Readonly<{
  serve?: boolean
  automatic?: boolean
  beside?: TestLiveKit
  models_dir?: string
  env?: Readonly<Record<string, string>>
}>

/** A host with a connection to a real LiveKit server. */
export async function startRoomStudio({ serve = false, automatic = false, beside, models_dir, env = {} }: Wanted = {}) {
  const server = beside ?? (await startLiveKit())
  if (!beside) onTestFinished(server.close)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const studio = await startTestHost({
    log: pino({ level: process.env['GREENROOM_TEST_LOG'] ?? 'silent' }),
    ...(models_dir !== undefined && { models_dir }),
  })
  vi.unstubAllEnvs()
  let present: TestHost = studio
  onTestFinished(() => present.close())
  studio.host.afterStart()
  const setSecret = async (name: string, value: string): Promise<void> => {
    await present.host.dispatch(callerWith('admin'), 'secret.set', { name, value })
  }
  await setSecret('lk_key', server.api_key)
  await setSecret('lk_secret', server.api_secret)
  const connection = { name: 'Test', url: server.url, api_key: 'secret:lk_key', api_secret: 'secret:lk_secret', serve, automatic }
  await studio.call('connection.save', connection)
  const live: LiveConnection = { connection_id: CONNECTION, key: CONNECTION, name: 'Test', ...server, serve, automatic }
  return {
    server,
    live,
    api: createServerApi(live),
    host: () => present,
    restart: async () => {
      present = await present.restart()
    },
    replace: (next: TestHost) => void (present = next),
    call: ((name, input) => present.call(name, input)) as TestHost['call'],
    addAgent: (agent_id: string, content: DocumentJson = {}) => addAgent(present, agent_id, content),
    watch: (session_id: SessionId) => watchSession(present, session_id),
    setSecret,
    dispatches: (room: string) => new AgentDispatchClient(server.url, server.api_key, server.api_secret).listDispatch(room),
    registrations: () => registrations(present),
    /** Resolves when the worker answers under all of these names. */
    registered: (...names: readonly string[]) =>
      eventually(async () => {
        const ready = (await registrations(present)).filter(({ state }) => state === 'ready')
        return names.every((name) => ready.some(({ dispatch_name }) => dispatch_name === name))
      }),
    sessions: () => newSessions(present),
  }
}

const registrations = async (studio: TestHost) => (await studio.call('connection.list', {})).worker.registrations

/** Calls that are announced from now on. */
function newSessions({ host }: TestHost) {
  const found: SessionSummary[] = []
  const { heard, until } = createLookout()
  host.onEvent((event) => {
    if (event.type !== 'session.changed') return
    found.push(event.session)
    heard()
  })
  return { next: (fits: (session: SessionSummary) => boolean) => until(() => found.find(fits)) }
}

/** Asks again and again, for what nobody announces. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** A text or voice agent of the rehearsal, which answers at once. */
async function addAgent(studio: TestHost, name: string, content: DocumentJson): Promise<AgentId> {
  const { head } = await studio.call('agent.create', { source: { kind: 'blank' }, name })
  const prompt_config = { instructions: 'Answer kindly.', greeting: `Hello, this is ${name}.` }
  const llm_config = { provider: 'rehearsal', model: 'instant' }
  const stt_config = { provider: 'rehearsal' }
  const saved = { ...head.content, prompt_config, llm_config, stt_config, tts_config: { provider: 'espeak' }, ...content }
  await studio.call('agent.save', { agent_id: head.agent_id, content: saved, based_on: 1 })
  return head.agent_id
}

/** Somebody in a room, who writes down who comes and goes, and speaks a tone when asked to. */
export async function joinRoom(server: Pick<TestLiveKit, 'url'>, join: Pick<RoomJoin, 'token'>) {
  const room = new Room()
  const seen: string[] = []
  const { heard, until } = createLookout()
  const tell = (what: string) => {
    seen.push(what)
    heard()
  }
  room.on(RoomEvent.ParticipantConnected, ({ identity }) => tell(`+${identity}`))
  room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => tell(`-${identity}`))
  room.on(RoomEvent.TrackSubscribed, (_track, _publication, { identity }) => tell(`track ${identity}`))
  room.on(RoomEvent.Disconnected, () => tell('disconnected'))
  room.on(RoomEvent.Reconnected, () => tell('reconnected'))
  room.on(RoomEvent.DataReceived, (payload, _from, _kind, topic) => tell(`data ${topic} ${new TextDecoder().decode(payload)}`))
  await room.connect(server.url, join.token, { autoSubscribe: true, dynacast: false })
  for (const { identity } of room.remoteParticipants.values()) tell(`+${identity}`)
  onTestFinished(() => room.disconnect().catch(() => undefined))
  return {
    room,
    seen,
    until: (fits: (seen: readonly string[]) => boolean) => until(() => fits(seen)),
    /** A silent microphone, as a caller who does not speak has one. */
    publish: async () => {
      const source = new AudioSource(48_000, 1)
      const track = LocalAudioTrack.createAudioTrack('microphone', source)
      const options = new TrackPublishOptions()
      options.source = TrackSource.SOURCE_MICROPHONE
      await room.localParticipant?.publishTrack(track, options)
      await source.captureFrame(new AudioFrame(new Int16Array(4800), 48_000, 1, 4800))
    },
    say: (text: string) => room.localParticipant?.sendText(text, { topic: 'lk.chat' }),
  }
}

type Foreign = Readonly<{
  room: string
  identity: string
  /** As `RoomAgentDispatch` in the token's room configuration. */
  agentName?: string
  dispatch_metadata?: string
  metadata?: string
}>

/** A token as clients of others make it, who know LiveKit alone. */
export async function foreignToken({ api_key, api_secret }: TestLiveKit, wanted: Foreign): Promise<string> {
  const { room, identity, agentName, dispatch_metadata = '', metadata } = wanted
  const token = new AccessToken(api_key, api_secret, { identity, ttl: '10m', ...(metadata && { metadata }) })
  token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true })
  // A plain object, as older servers want it.
  if (agentName !== undefined) token.roomConfig = { agents: [{ agentName, metadata: dispatch_metadata }] } as never
  return token.toJwt()
}
