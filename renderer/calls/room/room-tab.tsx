import { useStore } from 'zustand'
import { useState } from 'react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { CallerDuringCall } from './caller-during-call.tsx'
import { DtmfPad } from './dtmf-pad.tsx'
import { InviteView } from './invite-view.tsx'
import { PeopleView } from './people-view.tsx'
import { ReceivedView } from './received-view.tsx'
import type { RoomCall } from './room-call.ts'
import { RpcConsole } from './rpc-console-view.tsx'
import classes from './room.module.css'

const PARTS = ['people', 'received', 'rpc', 'keypad', 'caller', 'invite'] as const
type Part = (typeof PARTS)[number]
const NAMES: Readonly<Record<Part, string>> = {
  people: 'Who is there',
  received: 'What the page gets',
  rpc: 'RPC',
  keypad: 'Keypad',
  caller: 'The caller',
  invite: 'Invite',
}

type Props = Readonly<{ room: RoomCall; session: SessionSummary; view: SessionView; running: boolean }>

/** The room as a frontend sees it, and what a frontend can do there. */
export function RoomTab({ room, session, view, running }: Props) {
  const [part, setPart] = useState<Part>('people')
  const state = useStore(room.store)
  return (
    <div className={classes.tab}>
      <div className={classes.parts} role="group" aria-label="Parts of the room">
        {PARTS.map((one) => (
          <button key={one} type="button" className={classes.part} aria-pressed={one === part} onClick={() => setPart(one)}>
            {NAMES[one]}
          </button>
        ))}
      </div>
      <div className={classes.body} tabIndex={0} role="region" aria-label={NAMES[part]}>
        {part === 'people' && <PeopleView state={state} session={session} view={view} running={running} />}
        {part === 'received' && <ReceivedView state={state} onResume={room.resume} running={running} />}
        <div hidden={part !== 'rpc'}>
          <RpcConsole state={state} onSend={room.rpc} running={running} />
        </div>
        {part === 'keypad' && <DtmfPad digits={state.digits} onPress={room.press} running={running} />}
        <div hidden={part !== 'caller'}>
          <CallerDuringCall session={session} state={state} running={running} />
        </div>
        {part === 'invite' && <InviteView session={session} invite={state.invite} onInvite={room.setInvite} running={running} />}
      </div>
    </div>
  )
}
