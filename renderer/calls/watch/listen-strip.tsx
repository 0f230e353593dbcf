import { Button } from '@mantine/core'
import { IconEar, IconEarOff } from '@tabler/icons-react'
import { useCallback, useState } from 'react'
import type { SessionId, SessionSummary } from '../../../core/contract/index.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { LevelMeter } from '../header/level-meter.tsx'
import { useOptionalStore } from '../session/use-optional-store.ts'
import type { RoomCall } from '../room/room-call.ts'
import { useObserver } from './use-observer.ts'
import classes from './watch.module.css'

/** Hears along in a running room call of this studio, hidden. */
export function ListenStrip({ session }: { session: SessionSummary }) {
  const [listening, setListening] = useState(false)
  if (session.kind !== 'room' || session.modality !== 'voice' || session.state !== 'active') return null
  if (!listening)
    return (
      <Button size="compact-xs" leftSection={<IconEar size={13} />} onClick={() => setListening(true)}>
        Listen
      </Button>
    )
  return <Listening session_id={session.session_id} onStop={() => setListening(false)} />
}

function Listening({ session_id, onStop }: { session_id: SessionId; onStop: () => void }) {
  const studio = useStudio()
  const join = useCallback(() => studio.call('room.join', { session_id, as: 'observer' }), [studio, session_id])
  const { room, error } = useObserver(join)
  if (error) return <ErrorNote error={error} onRetry={onStop} />
  return (
    <span className={classes.listening} role="group" aria-label="Listening">
      <Sound room={room} />
      <Button size="compact-xs" leftSection={<IconEarOff size={13} />} onClick={onStop}>
        Stop listening
      </Button>
    </span>
  )
}

const WORDS = {
  joining: 'joining…',
  connected: 'you listen; nobody there notices',
  signal: 'reconnecting…',
  reconnecting: 'reconnecting…',
  rejoining: 'joining again…',
  replaced: 'another window listens',
  left: 'the room is closed',
} as const

/** Whether there is sound, and how loud the agent is. */
export function Sound({ room }: { room: RoomCall | undefined }) {
  const state = useOptionalStore(room?.store)
  const audio = useOptionalStore(room?.audio?.store)
  const levels = room?.audio?.levels
  return (
    <>
      {levels && (
        <span className={classes.meter}>
          <LevelMeter label="Agent voice level" tone="output" read={() => levels.output} />
        </span>
      )}
      <span className={classes.dim} role="status">
        {WORDS[state?.link ?? 'joining']}
      </span>
      {audio?.blocked && (
        <Button size="compact-xs" onClick={() => room?.audio?.resume()}>
          Play the sound
        </Button>
      )}
    </>
  )
}
