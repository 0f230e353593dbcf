import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { SessionSummary } from '../../../core/contract/index.ts'
import type { SessionView } from '../../../core/session/session-view.ts'
import { Busy } from '../../ui/busy.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { formatMoment } from '../../ui/format.ts'
import { formatNanoUsd } from '../../ui/price.ts'
import { Panel, ResizableGroup, ResizeHandle } from '../../ui/resizable.tsx'
import { CallDock } from '../dock/call-dock.tsx'
import { countOf, formatClock } from '../format.ts'
import { Inspector } from '../inspector/inspector.tsx'
import { useTurnSelection } from '../inspector/turn-navigation.tsx'
import { WhyAgent } from '../route/why-agent.tsx'
import { useTurnDocuments } from '../session/use-turn-documents.ts'
import { whatIfOf, whatIfWords } from '../setup/what-if.ts'
import { Transcript } from '../transcript/transcript.tsx'
import { useTranscript } from '../transcript/use-transcript.ts'
import { CallRecoveries } from './call-recoveries.tsx'
import { ListenStrip } from '../watch/listen-strip.tsx'
import { connectionWords } from './room-words.ts'
import { longSilenceWords } from './silence-words.ts'
import { useCallView } from './use-call-view.ts'
import classes from './history.module.css'

type Props = Readonly<{ session: SessionSummary; onDelete: () => void; onOpenAgent: ((agent_id: string) => void) | undefined }>

/** One call: what was said, its JSON, where the time went and everything that happened, turn by turn. */
export function CallDetail({ session, onDelete, onOpenAgent }: Props) {
  const { view, error } = useCallView(session)
  return (
    <section className={classes.detail} aria-label={`Call with ${session.agent_name}`}>
      <header className={classes.header}>
        <h2 className={classes.title}>
          {onOpenAgent ? (
            <button type="button" className={classes.agent} onClick={() => onOpenAgent(session.agent_id)}>
              {session.agent_name}
            </button>
          ) : (
            session.agent_name
          )}
        </h2>
        <CallState session={session} />
        <span className={classes.spacer} />
        <ListenStrip session={session} />
        <Tooltip label="Delete this call">
          <ActionIcon aria-label="Delete this call" disabled={session.state !== 'ended'} onClick={onDelete}>
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
        <Facts session={session} revisions={revisionsText(view, session)} rehearsed={whatIfWords(whatIfOf(view))} />
        {view?.route && <WhyAgent decision={view.route} session={session} />}
        {view && <CallRecoveries view={view} />}
      </header>
      {error && <ErrorNote error={error} />}
      {!view && !error && <Busy className={classes.loader} label="Reading the call" />}
      {view && <Parts session={session} view={view} />}
    </section>
  )
}

function CallState({ session }: { session: SessionSummary }) {
  if (session.state !== 'ended') return <Badge tone="good">running</Badge>
  if (session.error !== undefined) return <Badge tone="bad">{session.error}</Badge>
  return null
}

/** `revision 41`, `revisions 41 → 43` when it was changed during the call. */
function revisionsText(view: SessionView | undefined, session: SessionSummary): string {
  const used = [...new Set((view?.turns ?? []).map(({ revision }) => revision))]
  return used.length > 1 ? `revisions ${used.join(' → ')}` : `revision ${used[0] ?? session.revision}`
}

function Facts({ session, revisions, rehearsed }: { session: SessionSummary; revisions: string; rehearsed: readonly string[] }) {
  const { started_at, ended_at, end_reason, attempt, cost_nano_usd } = session
  const facts = [
    formatMoment(started_at),
    ended_at === undefined ? '' : formatClock(ended_at - started_at),
    `${session.kind} · ${session.modality}`,
    connectionWords(session.room),
    countOf(session.turn_count, 'turn'),
    longSilenceWords(session),
    cost_nano_usd ? formatNanoUsd(cost_nano_usd) : '',
    revisions,
    ...rehearsed.map((words) => `what if: ${words}`),
    attempt > 1 ? `${attempt} attempts` : '',
    end_reason?.replaceAll('_', ' ') ?? '',
  ]
  return (
    <p className={classes.summary}>
      {facts.filter(Boolean).map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  )
}

function Parts({ session, view }: { session: SessionSummary; view: SessionView }) {
  const documents = useTurnDocuments(session.agent_id, view)
  const lines = useTranscript(view, documents)
  const selection = useTurnSelection(view)
  const { turn } = selection
  return (
    <div className={classes.parts}>
      <ResizableGroup id="calls" orientation="horizontal">
        <Panel id="transcript" defaultSize="44%" minSize={220}>
          <Transcript
            lines={lines}
            selected={turn?.turn_id}
            onSelect={selection.select}
            empty={session.state === 'ended' ? 'Nothing was said in this call.' : 'Going on: nothing has been said yet.'}
          />
        </Panel>
        <ResizeHandle label="Width of transcript and output" />
        <Panel id="turn" minSize={280}>
          <ResizableGroup id="calls-detail" orientation="vertical">
            <Panel id="output" defaultSize="54%" minSize={96}>
              <Inspector view={view} selection={selection} document={turn && documents.of(turn)} />
            </Panel>
            <ResizeHandle label="Height of output and details" />
            <Panel id="dock" minSize={96}>
              <CallDock view={view} turn={turn} />
            </Panel>
          </ResizableGroup>
        </Panel>
      </ResizableGroup>
    </div>
  )
}

/** No such call: it was deleted for good, or the address is mistyped. */
export const MissingCall = ({ onBack }: { onBack: () => void }) => (
  <div className={classes.missing}>
    <p>This call is not here. It may have been deleted in another window.</p>
    <Button onClick={onBack}>All calls</Button>
  </div>
)
