import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { AgentDocument } from '../../../core/agent/document.ts'
import type { SessionView, TurnView } from '../../../core/session/session-view.ts'
import { Badge } from '../../ui/badge.tsx'
import { OutputDiff } from './output-diff-view.tsx'
import { FieldRow } from './field-row.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import { turnOrigin, previousOutput } from './turn-origin.ts'
import { ToolRuns } from '../tools/tool-runs.tsx'
import { styleNote } from './style-note.ts'
import { turnFields, validity, type InspectedField } from './turn-fields.ts'
import { TurnNavigation, type TurnSelection } from './turn-navigation.tsx'
import classes from './inspector.module.css'

type Tab = 'fields' | 'raw' | 'diff'
const TABS = [
  { value: 'fields', label: 'Fields' },
  { value: 'raw', label: 'Raw' },
  { value: 'diff', label: 'Diff' },
]
const toTab = (value: string): Tab => (value === 'raw' || value === 'diff' ? value : 'fields')

/** The JSON of one turn: fields as they stream, the raw reply, and what changed since the turn before. */
export function Inspector({
  view,
  selection,
  document,
}: {
  view: SessionView
  selection: TurnSelection
  document: AgentDocument | undefined
}) {
  const [tab, setTab] = useState<Tab>('fields')
  const { turn } = selection
  if (!turn) return <p className={classes.empty}>The JSON of each turn appears here while it is written.</p>
  return (
    <section className={classes.inspector} aria-label="Output of the turn">
      <header className={classes.header}>
        <TurnNavigation selection={selection} count={view.turns.length} />
        <span className={classes.revision} title="The saved revision of the agent that answered this turn">
          rev {turn.revision}
        </span>
        {turn.source !== 'greeting' && <TurnBadges turn={turn} />}
        <span className={classes.spacer} />
        <SegmentedControl
          aria-label="View of the output"
          size="xs"
          data={TABS}
          value={tab}
          onChange={(value) => setTab(toTab(value))}
        />
        <CopyButton text={jsonOf(turn)} />
      </header>
      <TurnErrors turn={turn} />
      <div className={classes.body} tabIndex={0} role="region" aria-label={`Output, ${tab}`}>
        {tab === 'fields' && turn.tools && turn.tools.length > 0 && <ToolRuns key={turn.turn_id} runs={turn.tools} />}
        {tab === 'fields' && <Fields view={view} turn={turn} document={document} />}
        {tab === 'raw' && <Raw turn={turn} />}
        {tab === 'diff' && <OutputDiff turn={turn} previous={previousOutput(view, turn)} />}
      </div>
    </section>
  )
}

function TurnBadges({ turn }: { turn: TurnView }) {
  const { tone, label } = validity(turn)
  return (
    <>
      <Badge tone={tone}>{label}</Badge>
      {turn.parse && turn.parse !== 'json' && turn.raw.trim() !== '' && (
        <Badge tone="warn" title={PARSE_TITLE[turn.parse]}>
          {turn.parse}
        </Badge>
      )}
    </>
  )
}

const PARSE_TITLE = {
  repaired: 'The model did not write valid JSON; it could be repaired',
  plain: 'The model wrote plain text instead of JSON; all of it was spoken',
  truncated: 'The reply ended in the middle of the JSON; what was there is shown',
} as const

const TurnErrors = ({ turn }: { turn: TurnView }) => (
  <>
    {turn.errors.map((error, index) => (
      <div key={index} className={classes.error}>
        <strong>{error.message}</strong> {error.hint}
      </div>
    ))}
    {turn.state === 'lost' && (
      <div className={classes.error}>This turn was under way when the call broke off; it was not finished.</div>
    )}
  </>
)

function Fields({ view, turn, document }: { view: SessionView; turn: TurnView; document: AgentDocument | undefined }) {
  const fields = useMemo(
    () => turnFields(turn, document, previousOutput(view, turn), turnOrigin(view, turn)),
    [view, turn, document],
  )
  const written = Object.fromEntries(fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))
  const style = ({ name }: InspectedField) => styleNote(view, turn, document, name, written)
  const whole = turn.problems.filter(({ path }) => path === '')
  if (turn.source === 'greeting' && turn.fields.length === 0)
    return (
      <p className={classes.empty}>
        The greeting is said as it stands in the agent: the model is not asked, so there is no JSON.
      </p>
    )
  if (fields.length === 0) return <p className={classes.empty}>Nothing was written in this turn yet.</p>
  return (
    <div role="table" aria-label="Fields of the turn">
      {whole.map(({ message }) => (
        <div key={message} className={classes.error}>
          {message}
        </div>
      ))}
      {fields.map((field) => (
        <FieldRow key={field.name} field={field} note={field.roles.includes('style') ? style(field) : undefined} />
      ))}
    </div>
  )
}

const Raw = ({ turn }: { turn: TurnView }) =>
  turn.raw === '' ? (
    <p className={classes.empty}>Nothing was written in this turn yet.</p>
  ) : (
    <pre className={classes.raw}>
      <JsonText text={turn.raw} caret={turn.state === 'open' && turn.output === undefined} />
    </pre>
  )

const jsonOf = (turn: TurnView): string => {
  if (turn.output) return JSON.stringify(turn.output, undefined, 2)
  return turn.raw
}

function CopyButton({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(false), 1500)
      },
      () => setCopied(false),
    )
  return (
    <Tooltip label={copied ? 'Copied' : 'Copy JSON'}>
      <ActionIcon aria-label="Copy JSON" disabled={text === ''} onClick={copy}>
        {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  )
}
