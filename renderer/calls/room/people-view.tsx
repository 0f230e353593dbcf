import { Button } from '@mantine/core'
import { IconEar, IconMicrophone, IconMicrophoneOff, IconPhone, IconRobotFace, IconUser } from '@tabler/icons-react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { useStudio } from '../../client/studio-context.tsx'
import { Badge } from '../../ui/badge.tsx'
import { toast, toastError } from '../../ui/toast.tsx'
import type { RoomPerson, RoomState } from './room-state.ts'
import classes from './room.module.css'

const ICONS = { standard: IconUser, sip: IconPhone, agent: IconRobotFace, other: IconUser } as const
/** A room of a test call is small; a large one is shown from its beginning. */
const SHOWN = 200

type Props = Readonly<{ state: RoomState; session: SessionSummary; view: SessionView; running: boolean }>

/** Who is in the room, and whom the agent listens to. */
export function PeopleView({ state, session, view, running }: Props) {
  const studio = useStudio()
  const heard = view.room?.participants.find(({ caller }) => caller)?.identity ?? session.room?.caller_identity
  const listen = ({ identity, name }: RoomPerson) =>
    studio
      .call('room.listen_to', { session_id: session.session_id, identity })
      .then(() => toast(`The agent listens to ${name}`), toastError)
  if (state.people.length === 0) return <p className={classes.note}>Nobody is in the room yet.</p>
  return (
    <>
      {!running && <p className={classes.note}>The call is over, and this window is no longer in the room. In it were:</p>}
      <ul className={classes.people} aria-label="Participants">
        {state.people.slice(0, SHOWN).map((person) => (
          <Person
            key={person.identity}
            person={person}
            name={person.identity === `agent-${session.session_id}` ? session.agent_name : person.name}
            heard={person.identity === heard}
            present={running}
            onListen={running && person.kind !== 'agent' ? () => void listen(person) : undefined}
          />
        ))}
        {state.people.length > SHOWN && <li className={classes.note}>… and {state.people.length - SHOWN} more.</li>}
      </ul>
    </>
  )
}

type PersonProps = Readonly<{
  person: RoomPerson
  name: string
  heard: boolean
  /** Otherwise what it did last is no longer so. */
  present: boolean
  onListen: (() => void) | undefined
}>

function Person({ person, name, heard, present, onListen }: PersonProps) {
  const Icon = ICONS[person.kind]
  const attributes = present ? Object.entries(person.attributes) : []
  return (
    <li className={classes.person} data-speaking={(present && person.speaking) || undefined}>
      <Icon size={16} aria-hidden className={classes.stripIcon} />
      <div className={classes.personWords}>
        <span>
          <strong>{name}</strong> {person.here && <Badge>this window</Badge>}{' '}
          {present && heard && (
            <Badge tone="good" title="The agent hears this one">
              listened to
            </Badge>
          )}{' '}
          {person.kind === 'sip' && <Badge tone="info">telephone</Badge>}
        </span>
        {name !== person.identity && <span className={`mono ${classes.dim ?? ''}`}>{person.identity}</span>}
        {attributes.length > 0 && (
          <span className={`mono ${classes.dim ?? ''}`}>{attributes.map(([key, value]) => `${key}=${value}`).join('  ')}</span>
        )}
        {person.metadata !== '' && <span className={`mono ${classes.dim ?? ''}`}>{person.metadata}</span>}
      </div>
      {present && <Microphone on={person.audible} />}
      {onListen && !heard && (
        <Button size="compact-xs" leftSection={<IconEar size={13} />} aria-label={`Listen to ${name}`} onClick={onListen}>
          Listen to this one
        </Button>
      )}
    </li>
  )
}

const Microphone = ({ on }: { on: boolean }) => (
  <span className={classes.dim} title={on ? 'Microphone on' : 'No microphone'}>
    {on ? <IconMicrophone size={15} aria-label="Microphone on" /> : <IconMicrophoneOff size={15} aria-label="No microphone" />}
  </span>
)
