import {
  ConnectionState,
  createAudioAnalyser,
  DisconnectReason,
  RoomEvent,
  Track,
  type LocalAudioTrack,
  type Room,
} from 'livekit-client'
import { element } from './element.ts'
import { peopleWords } from './people-words.ts'

type Watch = Readonly<{ say: (text: string) => void; onIn: () => void; onOut: (why: string) => void }>

const LEVEL_EVERY_MS = 100

/** Joins by the way that this page came, and shows the call until it ends. Rejects when the room cannot be joined. */
export async function enterRoom(room: Room, token: string, { say, onIn, onOut }: Watch): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === Track.Kind.Audio) document.body.append(track.attach())
  })
  room.on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((one) => one.remove()))
  room.on(RoomEvent.Reconnecting, () => say('The connection was lost; trying to come back…'))
  room.on(RoomEvent.Reconnected, () => say('You are in the call.'))
  room.on(RoomEvent.Disconnected, (reason) => {
    controller.abort()
    onOut(reason === DisconnectReason.CLIENT_INITIATED ? 'You have left the call.' : 'The call has ended.')
  })
  for (const event of [
    RoomEvent.ParticipantConnected,
    RoomEvent.ParticipantDisconnected,
    RoomEvent.ParticipantAttributesChanged,
    RoomEvent.ActiveSpeakersChanged,
    RoomEvent.ParticipantNameChanged,
  ] as const) {
    room.on(event, () => showPeople(room))
  }
  await room.connect(`wss://${location.host}/livekit`, token)
  await room.startAudio()
  say('You are in the call.')
  onIn()
  showPeople(room)
  handleButtons(room, signal, say)
  await openMicrophone(room, signal, say)
}

async function openMicrophone(room: Room, signal: AbortSignal, say: Watch['say']): Promise<void> {
  try {
    const publication = await room.localParticipant.setMicrophoneEnabled(true)
    if (publication?.audioTrack) showLevel(publication.audioTrack, signal)
  } catch {
    if (room.state === ConnectionState.Connected)
      say('You are in the call and hear it. The microphone was not allowed, so nobody hears you.')
  }
}

function handleButtons(room: Room, signal: AbortSignal, say: Watch['say']): void {
  const mute = element('mute', HTMLButtonElement)
  const showMute = (): void => {
    const isOn = room.localParticipant.isMicrophoneEnabled
    mute.setAttribute('aria-pressed', String(!isOn))
    mute.textContent = isOn ? 'Mute' : 'Unmute'
  }
  for (const event of [RoomEvent.LocalTrackPublished, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted] as const) {
    room.on(event, showMute)
  }
  showMute()
  mute.addEventListener(
    'click',
    () => {
      room.localParticipant.setMicrophoneEnabled(!room.localParticipant.isMicrophoneEnabled).then(showMute, () => {
        say('The microphone was not allowed. Allow it in the browser and try again.')
      })
    },
    { signal },
  )
  element('leave', HTMLButtonElement).addEventListener('click', () => void room.disconnect(), { signal })
}

function showLevel(track: LocalAudioTrack, signal: AbortSignal): void {
  const level = element('level', HTMLMeterElement)
  const { calculateVolume, cleanup } = createAudioAnalyser(track, { cloneTrack: true })
  const timer = setInterval(() => (level.value = track.isMuted ? 0 : calculateVolume()), LEVEL_EVERY_MS)
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    level.value = 0
    void cleanup()
  })
}

function showPeople(room: Room): void {
  const rows = peopleWords([room.localParticipant, ...room.remoteParticipants.values()]).map((words) => {
    const row = document.createElement('li')
    row.textContent = words
    return row
  })
  element('people', HTMLUListElement).replaceChildren(...rows)
}
