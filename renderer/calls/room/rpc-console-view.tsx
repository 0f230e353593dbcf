import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import { formatMs } from '../format.ts'
import { agentOf, type RoomState } from './room-state.ts'
import { parseJson } from '../../../core/json.ts'
import type { RpcCall, ToolQuestion } from './rpc-log.ts'
import classes from './room.module.css'

type Props = Readonly<{ state: RoomState; onSend: (to: string, method: string, payload: string) => void; running: boolean }>

const SHOWN = 50

/** Calls a method of anybody in the room, as an app would, and keeps the answers with their times. */
export function RpcConsole({ state, onSend, running }: Props) {
  const others = state.people.filter(({ here }) => !here)
  const [chosen, setChosen] = useState<string | null>(null)
  const [method, setMethod] = useState('')
  const [payload, setPayload] = useState('{}')
  const to = others.find(({ identity }) => identity === chosen)?.identity ?? agentOf(others)?.identity
  const valid = parseJson(payload) !== undefined || payload.trim() === ''
  const can = running && to !== undefined && method.trim() !== ''
  return (
    <div className={classes.stack}>
      <form
        className={classes.stack}
        aria-label="Send an RPC"
        onSubmit={(event) => {
          event.preventDefault()
          if (can) onSend(to, method.trim(), payload)
        }}
      >
        <div className={classes.pair}>
          <Select
            label="To"
            placeholder="Nobody is there"
            allowDeselect={false}
            data={others.map(({ identity, name, kind }) => ({ value: identity, label: kind === 'agent' ? 'The agent' : name }))}
            value={to ?? null}
            onChange={setChosen}
          />
          <TextInput
            label="Method"
            placeholder="studio.resume"
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            value={method}
            onChange={(event) => setMethod(event.currentTarget.value)}
          />
        </div>
        <Textarea
          label="Payload"
          description={valid ? 'Text; JSON most of the time' : 'Not JSON; sent as the text it is'}
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={payload}
          onChange={(event) => setPayload(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={!can}>
            Send
          </Button>
        </div>
      </form>
      <History title="Sent" empty="What you send stands here, with its answer.">
        {[...state.sent]
          .slice(-SHOWN)
          .reverse()
          .map((call) => (
            <SentCall key={call.id} call={call} />
          ))}
      </History>
      <History
        title="Asked of this app"
        empty={`Answers to ${state.answers.length > 0 ? state.answers.join(', ') : 'nothing yet'}. What the agent asks stands here.`}
      >
        {[...state.questions].reverse().map((question) => (
          <Asked key={question.id} question={question} />
        ))}
      </History>
    </div>
  )
}

const History = ({ title, empty, children }: { title: string; empty: string; children: readonly React.ReactNode[] }) => (
  <section aria-label={title}>
    <h3 className={classes.heading}>{title}</h3>
    {children.length === 0 ? <p className={classes.note}>{empty}</p> : <ul className={classes.history}>{children}</ul>}
  </section>
)

const TONE = { waiting: 'info', answered: 'good', failed: 'bad' } as const

const SentCall = ({ call }: { call: RpcCall }) => (
  <li className={classes.entry}>
    <span className={classes.entryHead}>
      <code className="mono">{call.method}</code> <span className={classes.dim}>to {call.to}</span>{' '}
      <Badge tone={TONE[call.state]}>
        {call.state}
        {call.code !== undefined && ` ${call.code}`}
        {call.took_ms !== undefined && ` · ${formatMs(call.took_ms)}`}
      </Badge>
    </span>
    {call.text !== undefined && <Text text={call.text} />}
  </li>
)

const ASKED = { open: 'info', answered: 'good', refused: 'warn', late: 'bad' } as const

const Asked = ({ question: { tool, payload, state, answer } }: { question: ToolQuestion }) => (
  <li className={classes.entry}>
    <span className={classes.entryHead}>
      <code className="mono">{tool}</code>{' '}
      <Badge tone={ASKED[state]}>{state === 'late' ? 'nobody answered in time' : state}</Badge>
    </span>
    <Text text={payload} />
    {answer !== undefined && <Text text={answer} />}
  </li>
)

const Text = ({ text }: { text: string }) => (
  <pre className={classes.payload} tabIndex={0}>
    <JsonText text={text} />
  </pre>
)
