import { Button } from '@mantine/core'
import type { Ref } from 'react'
import type { SessionView } from '../../core/session/session-view.ts'
import { Panel, ResizableGroup, ResizeHandle } from '../ui/resizable.tsx'
import { RoomTab } from './room/room-tab.tsx'
import { CallDock } from './dock/call-dock.tsx'
import { Inspector } from './inspector/inspector.tsx'
import { useTurnSelection } from './inspector/turn-navigation.tsx'
import { endReason } from './session/end-reason.ts'
import type { CallController, CallState } from './session/call-controller.ts'
import { useTurnDocuments } from './session/use-turn-documents.ts'
import { useTranscript } from './transcript/use-transcript.ts'
import { WhyAgent } from './route/why-agent.tsx'
import { SayBox } from './transcript/say-box.tsx'
import { Transcript } from './transcript/transcript.tsx'
import classes from './call-panel.module.css'

type Props = Readonly<{
  call: CallState
  view: SessionView
  controller: CallController
  sayBox: Ref<HTMLInputElement>
  onSetup: () => void
  onResume: () => void
  /** Where *Start* calls next. */
  next: string
}>

/** A running call, or the last one until the next begins: transcript, JSON, and where the time went. */
export function LiveCall({ call, view, controller, sayBox, onSetup, onResume, next }: Props) {
  const documents = useTurnDocuments(call.session?.agent_id, view)
  const lines = useTranscript(view, documents)
  const selection = useTurnSelection(view)
  const { turn } = selection
  const ended = call.phase === 'ended'
  return (
    <>
      {ended && <Ended reason={view.ended ?? call.session?.end_reason} onSetup={onSetup} onResume={onResume} next={next} />}
      {view.route && call.session && (
        <div className={classes.why}>
          <WhyAgent decision={view.route} session={call.session} />
        </div>
      )}
      <div className={classes.parts}>
        <ResizableGroup id="call" orientation="vertical">
          <Panel id="transcript" defaultSize="30%" minSize={96} className={classes.conversation}>
            <Transcript
              lines={lines}
              selected={turn?.turn_id}
              onSelect={selection.select}
              empty={ended ? 'Nothing was said in this call.' : 'Speak, or type below.'}
            />
            {!ended && (
              <SayBox
                inputRef={sayBox}
                text={call.typed}
                onType={controller.type}
                onSay={() => void controller.say()}
                onInterrupt={() => void controller.interrupt()}
                canInterrupt={view.agent_state === 'speaking' || view.agent_state === 'thinking'}
              />
            )}
          </Panel>
          <ResizeHandle label="Height of transcript and output" />
          <Panel id="output" defaultSize="38%" minSize={96}>
            <Inspector view={view} selection={selection} document={turn && documents.of(turn)} />
          </Panel>
          <ResizeHandle label="Height of output and details" />
          <Panel id="dock" defaultSize="32%" minSize={64}>
            <CallDock
              view={view}
              turn={turn}
              room={
                call.room && call.session ? (
                  <RoomTab room={call.room} session={call.session} view={view} running={!ended} />
                ) : undefined
              }
            />
          </Panel>
        </ResizableGroup>
      </div>
    </>
  )
}

type EndedProps = Pick<Props, 'onSetup' | 'onResume' | 'next'> & Readonly<{ reason: string | undefined }>

const Ended = ({ reason, onSetup, onResume, next }: EndedProps) => (
  <div className={classes.ended} role="status">
    <span>{endReason(reason)}</span>
    <span>Start calls {next}</span>
    <Button size="compact-xs" onClick={onResume}>
      Go on
    </Button>
    <Button size="compact-xs" onClick={onSetup}>
      New call
    </Button>
  </div>
)
