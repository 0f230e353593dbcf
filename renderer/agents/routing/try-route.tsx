import { Button, Switch, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import type { InputOf, OutputOf } from '../../../core/contract/index.ts'
import { useOperation } from '../../client/use-operation.ts'
import { fromWire } from '../../client/wire.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { JsonText } from '../../ui/json-text.tsx'
import { RouteDecision } from '../../ui/route-decision.tsx'
import { useLibrary } from '../agents-context.tsx'
import { CodeInput } from '../tools/code-input.tsx'
import { useWorkspace } from '../workspace/workspace-context.ts'
import { emptyTry, metadataProblem, tryRequest, type TryForm } from './try-request.ts'
import frame from '../card.module.css'
import classes from './routing.module.css'

const EVENTS = ['agent.changed', 'agent.deleted', 'route.changed'] as const
const EXAMPLE = '{"purpose": "support", "user_id": "u-42", "user_details": {"name": "Ana"}}'

/** Paste what a call brings, and see who would answer and why, while typing; this agent counts as it stands in the editor. */
export function TryRoute() {
  const { agent_id, content } = useWorkspace()
  const [form, setForm] = useState<TryForm>(emptyTry)
  const asked = JSON.stringify({ ...tryRequest(form), draft: { agent_id, routing: content['routing'] ?? {} } })
  const [settled] = useDebouncedValue(asked, 150)
  const request = fromWire<InputOf<'route.decide'>>(JSON.parse(settled))
  const { value, error, reload } = useOperation('route.decide', request, EVENTS)
  const decision = useLast(value)
  const names = useLibrary((state) => state.byId)
  const set = (changes: Partial<TryForm>) => setForm((before) => ({ ...before, ...changes }))
  const isEmpty = form === emptyTry
  return (
    <section className={frame.card} aria-label="Try it">
      <header className={frame.head}>
        <h2 className={frame.title}>Try it</h2>
        <span className={classes.hint}>Paste what a call brings. Nothing is started.</span>
        {isEmpty ? (
          <Button onClick={() => set({ job: EXAMPLE })}>Fill in an example</Button>
        ) : (
          <Button onClick={() => setForm(emptyTry)}>Clear</Button>
        )}
      </header>
      <div className={classes.body}>
        <div className={classes.result} aria-live="polite">
          {error && <ErrorNote error={error} onRetry={reload} />}
          {decision && <RouteDecision decision={decision} agentName={(id) => names[id]?.name ?? id} />}
        </div>
        <TryFields form={form} set={set} />
      </div>
    </section>
  )
}

type FieldsProps = Readonly<{ form: TryForm; set: (changes: Partial<TryForm>) => void }>

function TryFields({ form, set }: FieldsProps) {
  return (
    <>
      <div className={classes.pair}>
        <TextInput
          label="Dispatch name"
          placeholder="none: automatic dispatch"
          value={form.dispatch_name}
          onChange={({ currentTarget }) => set({ dispatch_name: currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label="At"
          description=""
          value={form.at}
          onChange={({ currentTarget }) => set({ at: currentTarget.value })}
          rightSectionWidth={44}
          rightSection={form.at === '' ? <span className={classes.faint}>now</span> : undefined}
        />
      </div>
      <Metadata label="Job metadata" placeholder='{"purpose": "support"}' value={form.job} onChange={(job) => set({ job })} />
      <Metadata label="Room metadata" placeholder='{"agent_id": "…"}' value={form.room} onChange={(room) => set({ room })} />
      <Switch
        label="The caller is in the room"
        description="Off: as when the job is offered, before anybody has joined"
        checked={form.joined}
        onChange={({ currentTarget }) => set({ joined: currentTarget.checked })}
      />
      {form.joined && (
        <>
          <TextInput
            label="Identity"
            value={form.identity}
            onChange={({ currentTarget }) => set({ identity: currentTarget.value })}
          />
          <Metadata
            label="Caller’s metadata"
            placeholder='{"tier": "premium"}'
            value={form.participant}
            onChange={(participant) => set({ participant })}
          />
          <Metadata
            label="Caller’s attributes"
            placeholder='{"is_new_user": "true"}'
            value={form.attributes}
            onChange={(attributes) => set({ attributes })}
          />
          <Switch
            label="The caller may write its own metadata"
            description="Its token has canUpdateOwnMetadata: it may choose by purpose, but name no agent and bring no overrides"
            checked={form.caller_may_write}
            onChange={({ currentTarget }) => set({ caller_may_write: currentTarget.checked })}
          />
        </>
      )}
    </>
  )
}

type MetadataProps = Readonly<{ label: string; placeholder: string; value: string; onChange: (text: string) => void }>

const Metadata = ({ label, placeholder, value, onChange }: MetadataProps) => (
  <CodeInput
    label={label}
    placeholder={placeholder}
    lines={2}
    value={value}
    onChange={onChange}
    colour={(text) => <JsonText text={text} />}
    error={metadataProblem(value)}
    readOnly={false}
  />
)

/** The answer before stays until the next one is here, so that nothing flickers while somebody types. */
function useLast(value: OutputOf<'route.decide'> | undefined): OutputOf<'route.decide'> | undefined {
  const [last, setLast] = useState(value)
  if (value && value !== last) setLast(value)
  return value ?? last
}
