import { Button } from '@mantine/core'
import { Badge } from '../../ui/badge.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { countOf, formatMs } from '../format.ts'
import type { RoomState } from './room-state.ts'
import { percentile, waitingLines, type TurnReceipts } from './turn-receipts.ts'
import classes from './room.module.css'

type Props = Readonly<{ state: RoomState; onResume: () => void; running: boolean }>

/** What an app in this room would have got: every line of `studio.turn`, in order, and how late. */
export function ReceivedView({ state, onResume, running }: Props) {
  const { receipts, agentTurns, summary } = state
  const last = agentTurns.at(-1)
  return (
    <div className={classes.stack}>
      <dl className={classes.facts}>
        <Fact name="Streams of studio.turn">
          {receipts.streams} <Order receipts={receipts} />
        </Fact>
        <Fact name="Lines">
          {countOf(receipts.kept, 'event')}, {countOf(receipts.deltas, 'delta')}
          {receipts.repeated > 0 && `, ${receipts.repeated} sent twice and left out`}
        </Fact>
        <Fact name="Asked for again">
          {receipts.resumed === 0 ? 'never' : countOf(receipts.resumed, 'time')}
          {receipts.broken > 0 && `; ${countOf(receipts.broken, 'stream')} broke off`}
        </Fact>
        <Fact name="Delay, agent to page">
          <Delay receipts={receipts} />
        </Fact>
        <Fact name="agent.turn RPCs">
          {agentTurns.length === 0 ? 'none; the agent sends them when its Room settings ask for it' : agentTurns.length}
        </Fact>
      </dl>
      {running && (
        <div>
          <Button size="compact-xs" onClick={onResume}>
            Ask for what is missing
          </Button>
        </div>
      )}
      {receipts.lastOutput !== undefined && <JsonView title="Newest output received" value={receipts.lastOutput} />}
      {last && <JsonView title="Newest agent.turn" value={{ ...last, at: new Date(last.at).toISOString() }} />}
      {summary !== undefined && <JsonView title="Summary of the call" value={summary} />}
    </div>
  )
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <div className={classes.fact}>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Order({ receipts }: { receipts: TurnReceipts }) {
  if (receipts.kept === 0) return null
  const waiting = waitingLines(receipts)
  if (waiting === 0) return <Badge tone="good">complete, in order</Badge>
  return <Badge tone="warn">something is missing; {countOf(waiting, 'line')} wait for it</Badge>
}

function Delay({ receipts: { delays } }: { receipts: TurnReceipts }) {
  const p50 = percentile(delays, 0.5)
  const p95 = percentile(delays, 0.95)
  if (p50 === undefined || p95 === undefined) return <>not known until both clocks are</>
  return (
    <>
      p50 {formatMs(p50)}, p95 {formatMs(p95)} <span className={classes.dim}>of {delays.length}</span>
    </>
  )
}
