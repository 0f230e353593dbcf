import { Textarea, TextInput } from '@mantine/core'
import { JsonView } from '../../ui/json-view.tsx'
import { showValue } from '../parse-value.ts'
import { kindLabel } from './tool-examples.ts'
import { HandoffForm } from './handoff-form.tsx'
import { HttpForm } from './http-form.tsx'
import { ParametersForm } from './parameters-form.tsx'
import { RunningForm } from './running-form.tsx'
import { SecretsForm } from './secrets-form.tsx'
import { useTool } from './tool-context.ts'
import classes from './tools-tab.module.css'

/** Everything about one tool, by its kind. */
export function ToolEditor() {
  const { row } = useTool()
  if (row.kind === 'other')
    return (
      <div className={classes.form}>
        <p className={classes.text}>
          This build of Greenroom does not know tools of the type “{showValue(row.raw['type'])}”. The tool is kept as it is and
          exported again; the agent is called without it.
        </p>
        <JsonView title={row.name || 'Tool'} value={row.raw} />
      </div>
    )
  return (
    <div className={classes.form}>
      <Names />
      {(row.kind === 'http' || row.kind === 'client') && <ParametersForm />}
      {row.kind === 'http' && (
        <>
          <HttpForm />
          <SecretsForm />
        </>
      )}
      {row.kind === 'client' && <ClientForm />}
      {row.kind === 'handoff' && <HandoffForm />}
      {row.kind === 'end_call' && (
        <p className={classes.text}>
          What the agent is saying is said to its end; then the call ends. There is nothing more to set.
        </p>
      )}
      {(row.kind === 'http' || row.kind === 'client') && <RunningForm />}
    </div>
  )
}

function Names() {
  const { row, read_only, pointerOf, textAt, set, errorAt } = useTool()
  return (
    <div className={classes.names}>
      <TextInput
        label="Name"
        description={kindLabel(row.kind)}
        className={classes.monoInput ?? ''}
        readOnly={read_only}
        spellCheck={false}
        autoComplete="off"
        data-pointer={pointerOf('name')}
        error={errorAt('name')}
        value={row.name}
        onChange={({ currentTarget: { value } }) => set(['name'], value)}
      />
      <Textarea
        label="Description"
        description="The LLM knows the tool by this text alone: say what it does, and when to use it."
        autosize
        minRows={1}
        maxRows={6}
        readOnly={read_only}
        data-pointer={pointerOf('description')}
        error={errorAt('description')}
        value={textAt('description')}
        onChange={({ currentTarget: { value } }) => set(['description'], value)}
      />
    </div>
  )
}

function ClientForm() {
  const { row, read_only, pointerOf, textAt, set, errorAt } = useTool()
  return (
    <section className={classes.section} aria-label="In the caller’s app">
      <h2 className={classes.heading}>In the caller’s app</h2>
      <p className={classes.hint}>
        The agent asks the caller’s frontend by RPC with the arguments as JSON; what it answers is what the LLM gets. It needs a
        room call; in a direct call the LLM is told that there is no app.
      </p>
      <TextInput
        label="RPC method"
        placeholder={row.name}
        className={classes.monoInput ?? ''}
        w={280}
        readOnly={read_only}
        spellCheck={false}
        data-pointer={pointerOf('method')}
        error={errorAt('method')}
        value={textAt('method')}
        onChange={({ currentTarget: { value } }) => set(['method'], value || undefined)}
      />
    </section>
  )
}
