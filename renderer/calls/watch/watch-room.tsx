import { Button } from '@mantine/core'
import { useCallback } from 'react'
import { useStore } from 'zustand'
import { useStudio } from '../../client/studio-context.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { CallDock } from '../dock/call-dock.tsx'
import { Inspector } from '../inspector/inspector.tsx'
import { useTurnSelection } from '../inspector/turn-navigation.tsx'
import { ReceivedView } from '../room/received-view.tsx'
import { RoomStrip } from '../room/room-strip.tsx'
import type { RoomCall } from '../room/room-call.ts'
import { useTurnDocuments } from '../session/use-turn-documents.ts'
import { Transcript } from '../transcript/transcript.tsx'
import { useTranscript } from '../transcript/use-transcript.ts'
import { Sound } from './listen-strip.tsx'
import { useObserver } from './use-observer.ts'
import classes from './watch.module.css'

type Props = Readonly<{ connection_id: string; room_name: string; onBack: () => void }>

/** Any room of a connection, watched by a hidden participant: what is said, its JSON, and the sound. */
export function WatchRoom({ connection_id, room_name, onBack }: Props) {
  const studio = useStudio()
  const join = useCallback(() => studio.call('room.watch', { connection_id, room_name }), [studio, connection_id, room_name])
  const { room, view: store, error } = useObserver(join)
  const view = useStore(store)
  const documents = useTurnDocuments(undefined, view)
  const lines = useTranscript(view, documents)
  const selection = useTurnSelection(view)
  const { turn } = selection
  return (
    <section className={classes.screen} aria-label={`Watching ${room_name}`}>
      <header className={classes.header}>
        <h2 className={classes.title}>{room_name}</h2>
        <Sound room={room} />
        <span className={classes.spacer} />
        <Button onClick={onBack}>Stop watching</Button>
      </header>
      {room && <RoomStrip room={room} connection={connection_id} />}
      {error && <ErrorNote error={error} />}
      <div className={classes.parts}>
        <ResizableGroup id="watch" orientation="horizontal">
          <Panel id="transcript" defaultSize="44%" minSize={220}>
            <Transcript
              lines={lines}
              selected={turn?.turn_id}
              onSelect={selection.select}
              empty="What is said from now on stands here, when the agent in this room is one of Greenroom’s."
            />
          </Panel>
          <ResizeHandle label="Width of transcript and output" />
          <Panel id="turn" minSize={280}>
            <ResizableGroup id="watch-detail" orientation="vertical">
              <Panel id="output" defaultSize="54%" minSize={96}>
                <Inspector view={view} selection={selection} document={turn && documents.of(turn)} />
              </Panel>
              <ResizeHandle label="Height of output and details" />
              <Panel id="dock" minSize={96}>
                <CallDock view={view} turn={turn} room={room && <Received room={room} />} />
              </Panel>
            </ResizableGroup>
          </Panel>
        </ResizableGroup>
      </div>
    </section>
  )
}

function Received({ room }: { room: RoomCall }) {
  const state = useStore(room.store)
  return (
    <div className={classes.received} tabIndex={0} role="region" aria-label="What the page gets">
      <ReceivedView state={state} onResume={room.resume} running={false} />
    </div>
  )
}
